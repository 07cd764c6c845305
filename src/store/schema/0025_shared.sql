-- SPDX-License-Identifier: Apache-2.0
-- How a request came to be: centre, joint or self.
ALTER TABLE request ADD COLUMN channel TEXT NOT NULL DEFAULT 'centre';
