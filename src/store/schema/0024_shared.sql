-- SPDX-License-Identifier: Apache-2.0
-- The request's revision that a document was attached to, 0 = it came with the request.
ALTER TABLE request_blob ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;
