-- SPDX-License-Identifier: Apache-2.0
-- Local state, first version: what belongs to this machine alone. Never sent anywhere, in no event,
-- not rebuilt by a replay.

-- The version that the numbered files have brought this database to: one row.
CREATE TABLE schema_version (
    version BIGINT NOT NULL
) @STRICT@;

-- A logged-in session's ticket, by its hash; the row goes when the session ends.
CREATE TABLE ticket (
    sha @BLOB@ NOT NULL PRIMARY KEY,
    session @BLOB@ NOT NULL,
    account TEXT NOT NULL
) @STRICT@;
CREATE INDEX ticket_account ON ticket (account);
CREATE INDEX ticket_session ON ticket (session);

-- Answers to writes, so that a repeated one gets the same. Thirty days.
CREATE TABLE answer (
    id @BLOB@ NOT NULL PRIMARY KEY,
    actor TEXT NOT NULL,
    operation TEXT NOT NULL,
    body @BLOB@ NOT NULL,
    at BIGINT NOT NULL
) @STRICT@;
CREATE INDEX answer_at ON answer (at);

-- Forms being filled in.
CREATE TABLE draft (
    id @BLOB@ NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    service TEXT NOT NULL,
    form @BLOB@ NOT NULL,
    saved BIGINT NOT NULL,
    field BIGINT NOT NULL,       -- where the cursor was,
    caret BIGINT NOT NULL,
    summary TEXT NOT NULL,
    holder BIGINT NOT NULL,      -- session that has it open, 0 = none
    typed TEXT NOT NULL,         -- and the unfinished text there
    filled TEXT NOT NULL         -- values as JSON
) @STRICT@;
CREATE INDEX draft_account ON draft (account, saved, id);
