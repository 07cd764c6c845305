-- SPDX-License-Identifier: Apache-2.0
-- No civil number in clear.

ALTER TABLE request DROP COLUMN civil_clear;
