-- SPDX-License-Identifier: Apache-2.0
-- Local state: the files in which documents lie sealed, each with a key of its own.

CREATE TABLE blob_file (
    id @BLOB@ NOT NULL PRIMARY KEY,
    state BIGINT NOT NULL,       -- 0 = growing, 1 = whole, 2 = to be removed
    path TEXT NOT NULL,          -- below the folder of documents
    sha @BLOB@,                  -- of one that is whole
    want @BLOB@,                 -- of one that is growing, when that is known
    size BIGINT NOT NULL,        -- of one that is whole; else as announced, 0 = unknown
    sent BIGINT NOT NULL,        -- 1: the hub has it
    at BIGINT NOT NULL,          -- begun, or whole since
    sealed @BLOB@                -- its key and its hash, sealed; NULL once it is to be removed
) @STRICT@;
CREATE UNIQUE INDEX blob_file_sha ON blob_file (sha);
CREATE INDEX blob_file_state ON blob_file (state, sent, size);

-- Documents that somebody has sent to the office and that belong to no request yet.
CREATE TABLE inbox (
    id @BLOB@ NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    centre TEXT NOT NULL,
    mark @BLOB@ NOT NULL,        -- keyed hash of account and name
    file @BLOB@ NOT NULL,
    name @BLOB@ NOT NULL,        -- sealed
    mime TEXT NOT NULL,          -- '' until it is whole
    pages BIGINT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (account, mark)
) @STRICT@;
CREATE INDEX inbox_centre ON inbox (centre);
CREATE INDEX inbox_file ON inbox (file);
