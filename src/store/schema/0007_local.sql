-- SPDX-License-Identifier: Apache-2.0
-- Local state: drafts that a clerk has put aside under a digit, to go on with in two
-- keys. A row whose draft has gone is nothing, and its digit is free.
CREATE TABLE parked (
    account TEXT NOT NULL,
    digit BIGINT NOT NULL,       -- 1 to 9
    draft @BLOB@ NOT NULL,
    PRIMARY KEY (account, digit)
) @STRICT@;
