-- SPDX-License-Identifier: Apache-2.0
-- The facts of a centre's day in rows of a bounded size: the program moves them over.
ALTER TABLE tally RENAME TO tally_whole;
CREATE TABLE tally (
    id BIGINT NOT NULL PRIMARY KEY, -- the day, the centre's word, the part and `past` in one
    day BIGINT NOT NULL,
    centre TEXT NOT NULL,
    past BIGINT NOT NULL,        -- 0: of requests that are in this book, 1: of imported history
    n BIGINT NOT NULL,
    facts @BLOB@ NOT NULL
) @STRICT@;
