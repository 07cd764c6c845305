-- SPDX-License-Identifier: Apache-2.0
-- What was asked of the hub about requests of other centres, and what came of it: at a centre its
-- own, at a hub everybody's.
CREATE TABLE wish (
    id @BLOB@ NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    centre TEXT NOT NULL,        -- that asks
    account TEXT NOT NULL,
    at BIGINT NOT NULL,
    word TEXT NOT NULL,          -- asked, passed, or why it is withheld
    answered BIGINT NOT NULL     -- 0 = not yet
) @STRICT@;
CREATE INDEX wish_centre ON wish (centre, word, answered);
CREATE INDEX wish_account ON wish (account, at, id);
