-- SPDX-License-Identifier: Apache-2.0
-- What guards the logins at this machine. The secrets of codes by time never leave it: a box that is
-- stolen from one centre must not give away the codes of another's supervisors.

CREATE TABLE totp (
    account TEXT NOT NULL PRIMARY KEY,
    id @BLOB@ NOT NULL,          -- what its secret is sealed for
    secret @BLOB@ NOT NULL,      -- sealed
    proved BIGINT NOT NULL,      -- 1: its owner has typed codes of it
    used BIGINT NOT NULL         -- step of the last code: none up to it is taken again
) @STRICT@;

-- Sessions with a ticket whose code by time was right.
CREATE TABLE ticket_passed (
    session @BLOB@ NOT NULL PRIMARY KEY
) @STRICT@;

-- Where a person has logged in from; strangers' tries elsewhere don't count here.
CREATE TABLE known_address (
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (account, address)
) @STRICT@;
INSERT INTO known_address (account, address, last)
    SELECT account, rtrim(rtrim(peer, '0123456789'), ':'), MAX(opened) FROM session
    GROUP BY account, rtrim(rtrim(peer, '0123456789'), ':');

-- Who was wrong how often, by hashes of name and address.
CREATE TABLE login_try (
    id @BLOB@ NOT NULL PRIMARY KEY,
    kind BIGINT NOT NULL,
    account @BLOB@ NOT NULL,
    address @BLOB@ NOT NULL,
    count BIGINT NOT NULL,
    last BIGINT NOT NULL,
    until BIGINT NOT NULL
) @STRICT@;
CREATE INDEX login_try_last ON login_try (last);
