-- SPDX-License-Identifier: Apache-2.0
-- What a centre says waits there, when it was last heard of.
ALTER TABLE node_seen ADD COLUMN events BIGINT NOT NULL DEFAULT 0;
ALTER TABLE node_seen ADD COLUMN documents BIGINT NOT NULL DEFAULT 0;
ALTER TABLE node_seen ADD COLUMN oldest BIGINT NOT NULL DEFAULT 0; -- of the requests among them, UTC ms, 0 = none
