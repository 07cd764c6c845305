-- SPDX-License-Identifier: Apache-2.0
-- Shared state, eighth version: what was let go.

-- What stays of an event whose payload was purged: JSON without a person in it. A replay applies
-- this instead of the payload.
CREATE TABLE purged (
    node @BLOB@ NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kept TEXT NOT NULL,
    PRIMARY KEY (node, epoch, seq)
) @STRICT@;
