-- SPDX-License-Identifier: Apache-2.0
-- The lines to agencies that take requests by machine.
CREATE TABLE agency_link (
    id @BLOB@ NOT NULL PRIMARY KEY, -- made of the agency's code
    agency TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    token @BLOB@,                -- which the agency gave us, sealed; NULL = none
    callback TEXT NOT NULL,      -- SHA-256 of the token that we gave the agency, hex; '' = none
    until BIGINT NOT NULL,       -- that token ends
    peer TEXT NOT NULL,          -- SHA-256 of the certificate that it calls with, hex; '' = none
    documents TEXT NOT NULL,     -- reference, multipart
    poll BIGINT NOT NULL,        -- seconds between two questions, 0 = the agency calls
    most BIGINT NOT NULL,        -- requests on their way at once
    stage TEXT NOT NULL,         -- agreed, building, testing, live
    since BIGINT NOT NULL,       -- day of that stage
    paused BIGINT NOT NULL,
    reason TEXT NOT NULL         -- why it is paused
) @STRICT@;

-- Since when a link was in each stage.
CREATE TABLE agency_stage (
    agency TEXT NOT NULL,
    stage TEXT NOT NULL,
    day BIGINT NOT NULL,
    PRIMARY KEY (agency, stage)
) @STRICT@;
