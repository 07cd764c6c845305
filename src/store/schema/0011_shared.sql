-- SPDX-License-Identifier: Apache-2.0
-- A centre's customers. The program fills both tables from the requests that are there.

CREATE TABLE person (
    id @BLOB@ NOT NULL PRIMARY KEY, -- keyed hash of the centre and the number: 16 bytes
    centre TEXT NOT NULL,
    name TEXT NOT NULL,          -- as the newest request says it
    kept @BLOB@ NOT NULL,        -- sealed: the number and what else is known, as JSON
    requests BIGINT NOT NULL,    -- how many spoke of this person,
    last BIGINT NOT NULL         -- and when the newest was submitted
) @STRICT@;

-- Each folded word of the name, for looking up by its beginning.
CREATE TABLE person_token (
    centre TEXT NOT NULL,
    word TEXT NOT NULL,
    person @BLOB@ NOT NULL,
    PRIMARY KEY (centre, word, person)
) @STRICT@;

-- The requests that speak of a person.
CREATE TABLE person_request (
    person @BLOB@ NOT NULL,
    request @BLOB@ NOT NULL,
    PRIMARY KEY (person, request)
) @STRICT@;
