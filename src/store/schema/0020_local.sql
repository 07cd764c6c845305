-- SPDX-License-Identifier: Apache-2.0
-- How somebody's terminals are to be treated, as she has chosen.
CREATE TABLE terminal (
    account TEXT NOT NULL,
    print @BLOB@ NOT NULL,       -- hash of what the terminal says of itself
    profile TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, print)
) @STRICT@;
