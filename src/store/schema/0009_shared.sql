-- SPDX-License-Identifier: Apache-2.0
-- Registers (governorates, wilayats, agencies, centres, staff, the calendar) and what reports count.
-- The cube of centre, day, service and state goes: with millions of requests it has nearly as many
-- rows as there are requests.

-- Codes and names with dates: of what there is, not of what people do.
CREATE TABLE register (
    kind TEXT NOT NULL,          -- governorate, wilayat, agency, centre, staff, holiday, weekend
    code TEXT NOT NULL,
    parent TEXT NOT NULL,        -- of a centre its wilayat, of a clerk the centre, of an agency its sector
    ar TEXT NOT NULL,
    en TEXT NOT NULL,
    since BIGINT NOT NULL,       -- first day, 0 = always
    until BIGINT NOT NULL,       -- last day, 0 = still
    note TEXT NOT NULL,
    PRIMARY KEY (kind, code)
) @STRICT@;

-- Words that facts name by number.
CREATE TABLE word (
    no BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,          -- centre, service, clerk, state
    word TEXT NOT NULL,
    parent TEXT NOT NULL,        -- of a service its agency
    UNIQUE (kind, word)
) @STRICT@;

-- A centre's day: how many requests, and a fact of 18 bytes for each.
CREATE TABLE tally (
    id BIGINT NOT NULL PRIMARY KEY, -- the day, the centre's word and `past` in one, so a day lies together
    day BIGINT NOT NULL,
    centre TEXT NOT NULL,
    past BIGINT NOT NULL,        -- 0: of requests that are in this book, 1: of imported history
    n BIGINT NOT NULL,
    facts @BLOB@ NOT NULL
) @STRICT@;

CREATE INDEX request_day ON request (day, centre, epoch, seq);
DROP TABLE rollup;
