-- SPDX-License-Identifier: Apache-2.0
-- What citizens said is sealed with the key ring. Room for the sealed values; the program fills it
-- from the clear ones, which the next version then takes away.
-- From here on `event.payload` is sealed too: 4 bytes that number the key, 24 of nonce, the text.

ALTER TABLE request RENAME COLUMN civil TO civil_clear;
ALTER TABLE request ADD COLUMN civil @BLOB@; -- sealed; NULL = none

-- Requests by civil number or telephone: a keyed hash of the number, so only a whole number can be
-- asked for, and only with the key.
CREATE TABLE lookup (
    mark @BLOB@ NOT NULL,
    request @BLOB@ NOT NULL,
    PRIMARY KEY (mark, request)
) @STRICT@;
