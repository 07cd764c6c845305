-- SPDX-License-Identifier: Apache-2.0
-- Answers of the hub that the one who asked has read.
CREATE TABLE wish_read (
    id @BLOB@ NOT NULL PRIMARY KEY
) @STRICT@;
