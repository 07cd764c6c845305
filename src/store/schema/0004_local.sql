-- SPDX-License-Identifier: Apache-2.0
-- Drafts and kept answers are sealed.

ALTER TABLE draft RENAME COLUMN typed TO typed_clear;
ALTER TABLE draft RENAME COLUMN filled TO filled_clear;
ALTER TABLE draft ADD COLUMN filled @BLOB@; -- sealed: the unfinished text, a zero, values as JSON
