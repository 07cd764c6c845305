-- SPDX-License-Identifier: Apache-2.0
-- Where people stood whose sessions broke off, for their next login.
CREATE TABLE place (
    id @BLOB@ NOT NULL PRIMARY KEY,
    account TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,          -- when it broke off, UTC ms
    words @BLOB@ NOT NULL        -- sealed: they may hold what was typed to look somebody up
) @STRICT@;
CREATE INDEX place_at ON place (at);
