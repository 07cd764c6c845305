-- SPDX-License-Identifier: Apache-2.0
-- Of a centre: whose it is, and its licence.
ALTER TABLE register ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE register ADD COLUMN licence TEXT NOT NULL DEFAULT '';
ALTER TABLE register ADD COLUMN licensed BIGINT NOT NULL DEFAULT 0; -- last day of it, 0 = not known
