-- SPDX-License-Identifier: Apache-2.0
-- Local state of the lines to agencies: what is tried, and what came back. What became of a request is an event.

-- A request that was begun to be sent. What may be sent and has no row here was not yet tried.
CREATE TABLE outbox (
    request @BLOB@ NOT NULL PRIMARY KEY,
    id @BLOB@ NOT NULL,          -- of the event that submitted it: its key at the agency
    agency TEXT NOT NULL,
    state TEXT NOT NULL,         -- waiting, taken, failed
    attempts BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,     -- not before; of a taken one: when to ask how it stands
    sha @BLOB@ NOT NULL,         -- of what was sent
    status BIGINT NOT NULL,      -- of the last answer by HTTP, 0 = there was none
    why TEXT NOT NULL,           -- the word for why the last attempt failed, '' = it didn't
    answer @BLOB@,               -- the last answer, sealed; NULL = none
    answer_sha @BLOB@ NOT NULL   -- zeros without one
) @STRICT@;
CREATE INDEX outbox_next ON outbox (agency, state, next_at, request);

-- What an agency told us: each message once. code is what it was answered with; one that was kept
-- is applied when its request gets there.
CREATE TABLE told (
    id @BLOB@ NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    message TEXT NOT NULL,
    request @BLOB@ NOT NULL,
    at BIGINT NOT NULL,
    code TEXT NOT NULL,          -- taken, kept, refused
    body @BLOB@ NOT NULL,        -- sealed
    UNIQUE (agency, message)
) @STRICT@;
CREATE INDEX told_request ON told (request, code, at, id);

-- How a line goes: whether it is tried at all.
CREATE TABLE agency_line (
    agency TEXT NOT NULL PRIMARY KEY,
    fails BIGINT NOT NULL,       -- in a row
    until BIGINT NOT NULL,       -- cut off until then, 0 = it isn't
    last_ok BIGINT NOT NULL,
    why TEXT NOT NULL            -- the last failure's word
) @STRICT@;
