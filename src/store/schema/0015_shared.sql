-- SPDX-License-Identifier: Apache-2.0
-- Everybody that a request speaks of is found by the words of the request itself: the program adds
-- the names that are missing there.
DROP TABLE person_token;
