-- SPDX-License-Identifier: Apache-2.0
-- How far accounts reach.

ALTER TABLE account ADD COLUMN scope TEXT NOT NULL DEFAULT ''; -- further centres, an agency or a governorate
CREATE INDEX request_agency ON request (agency, at, id);
