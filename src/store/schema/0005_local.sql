-- SPDX-License-Identifier: Apache-2.0
-- No draft in clear.

ALTER TABLE draft DROP COLUMN typed_clear;
ALTER TABLE draft DROP COLUMN filled_clear;
