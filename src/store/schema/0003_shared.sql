-- SPDX-License-Identifier: Apache-2.0
-- Shared state, third version: what was kept safe.

-- Backups that were made and verified: by whom, when, and the event that each of them ends with.
CREATE TABLE backup (
    id @BLOB@ NOT NULL PRIMARY KEY, -- of the event
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    keyring BIGINT NOT NULL         -- 1 = the keys are inside
) @STRICT@;
