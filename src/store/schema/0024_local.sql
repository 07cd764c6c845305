-- SPDX-License-Identifier: Apache-2.0
-- What a centre did with a request that its agency has, on its way to the agency.
CREATE TABLE followup (
    id @BLOB@ NOT NULL PRIMARY KEY, -- of the event that says it: its key at the agency
    request @BLOB@ NOT NULL,
    agency TEXT NOT NULL,
    rev BIGINT NOT NULL,         -- the request's revision that it made
    state TEXT NOT NULL,         -- waiting, taken, failed
    attempts BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,     -- not before
    sha @BLOB@ NOT NULL,         -- of what was sent, zeros before
    status BIGINT NOT NULL,      -- of the last answer by HTTP, 0 = there was none
    why TEXT NOT NULL,           -- the word for why the last attempt failed, '' = it didn't
    answer @BLOB@,               -- the last answer, sealed; NULL = none
    answer_sha @BLOB@ NOT NULL   -- zeros without one
) @STRICT@;
CREATE INDEX followup_next ON followup (agency, state, next_at, id);
CREATE INDEX followup_request ON followup (request, rev);

ALTER TABLE agency_line ADD COLUMN since BIGINT NOT NULL DEFAULT 0; -- it fails since then, 0 = it doesn't
