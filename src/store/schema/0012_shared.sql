-- SPDX-License-Identifier: Apache-2.0
-- One-time codes by which a person enrols a key, or chooses a first password: at most one of an
-- account, gone as soon as it was used.
CREATE TABLE account_code (
    account TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL,        -- Argon2id of its symbols
    until BIGINT NOT NULL        -- it is worth nothing from then on
) @STRICT@;
