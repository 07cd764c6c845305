-- SPDX-License-Identifier: Apache-2.0
-- What supervisors note about centres: findings, meetings, issues.
CREATE TABLE oversight (
    id @BLOB@ NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,          -- finding, meeting, issue
    place TEXT NOT NULL,         -- a centre or a governorate
    code TEXT NOT NULL,          -- of a finding: a violation in the register
    day BIGINT NOT NULL,
    n BIGINT NOT NULL,           -- of a finding: how many cases
    words @BLOB@,                -- sealed
    account TEXT NOT NULL,       -- who noted it
    at BIGINT NOT NULL,
    owner TEXT NOT NULL,         -- of an issue: who is to solve it
    answer @BLOB@,               -- of an issue: its solution, sealed
    closed BIGINT NOT NULL,      -- of an issue: the day, 0 = open
    rev BIGINT NOT NULL
) @STRICT@;
CREATE INDEX oversight_kind ON oversight (kind, day, id);
