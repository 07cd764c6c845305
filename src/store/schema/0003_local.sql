-- SPDX-License-Identifier: Apache-2.0
-- Local state, third version: the files that a backup carries beside the book. An office at work
-- has none.
CREATE TABLE enclosed (
    name TEXT NOT NULL PRIMARY KEY,
    body @BLOB@ NOT NULL
) @STRICT@;
