-- SPDX-License-Identifier: Apache-2.0
-- What becomes of a request after it was submitted. The program fills in `fact`.
ALTER TABLE request ADD COLUMN fact BIGINT NOT NULL DEFAULT 0; -- its place among the facts of its day
ALTER TABLE request ADD COLUMN holder TEXT NOT NULL DEFAULT ''; -- the centre that may work on it
ALTER TABLE request ADD COLUMN officer TEXT NOT NULL DEFAULT ''; -- the agency's account that has it
ALTER TABLE request ADD COLUMN fee_due BIGINT NOT NULL DEFAULT 0; -- baisa that the agency has asked for
ALTER TABLE request ADD COLUMN ack TEXT NOT NULL DEFAULT ''; -- the agency's own number of it
UPDATE request SET holder = centre;

-- What waits for an agency, and for a centre.
CREATE INDEX request_waits ON request (agency, state, at, id);
CREATE INDEX request_held ON request (holder, state, at, id);
