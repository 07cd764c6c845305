-- SPDX-License-Identifier: Apache-2.0
-- Seats that are counted, such as those of a Hajj campaign.
CREATE TABLE seat (
    request @BLOB@ NOT NULL PRIMARY KEY,
    centre TEXT NOT NULL,
    season TEXT NOT NULL,        -- of a seat that was given; '' = not yet, or not counted
    campaign TEXT NOT NULL,      -- wanted, or given
    other TEXT NOT NULL,         -- wanted if there is none in the first; '' = none
    state TEXT NOT NULL,         -- wanted, given, refused, freed
    why TEXT NOT NULL,           -- of a refusal
    at BIGINT NOT NULL
) @STRICT@;
CREATE INDEX seat_campaign ON seat (campaign, state, season);

-- What the hub last said of what is free.
CREATE TABLE seat_news (
    campaign TEXT NOT NULL PRIMARY KEY,
    season TEXT NOT NULL,
    free BIGINT NOT NULL,
    at BIGINT NOT NULL
) @STRICT@;
