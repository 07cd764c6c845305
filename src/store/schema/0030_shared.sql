-- SPDX-License-Identifier: Apache-2.0
-- The symbols of a request's number are no token any more: the index of numbers leads to them.
DELETE FROM token WHERE (word, request) IN
    (SELECT lower(substr(number, length(number) - 8, 7)), id FROM request);
