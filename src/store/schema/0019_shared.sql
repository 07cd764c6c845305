-- SPDX-License-Identifier: Apache-2.0
-- Documents. What they are is shared; their bytes lie in files beside the book (blob_file).

CREATE TABLE blob (
    sha @BLOB@ NOT NULL PRIMARY KEY, -- of its bytes
    size BIGINT NOT NULL,
    mime TEXT NOT NULL,
    pages BIGINT NOT NULL            -- 0 = not known
) @STRICT@;

-- Which document belongs to which field of which request. One may belong to many.
CREATE TABLE request_blob (
    id @BLOB@ NOT NULL PRIMARY KEY,  -- of the event that attached it
    request @BLOB@ NOT NULL,
    sha @BLOB@ NOT NULL,
    role TEXT NOT NULL,              -- key of the field
    at BIGINT NOT NULL,
    name @BLOB@ NOT NULL             -- sealed: what its file was called
) @STRICT@;
CREATE INDEX request_blob_request ON request_blob (request, sha);
CREATE INDEX request_blob_sha ON request_blob (sha);
