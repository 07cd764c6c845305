-- SPDX-License-Identifier: Apache-2.0
-- The rows that held a whole day each have been moved.
DROP TABLE tally_whole;
