-- SPDX-License-Identifier: Apache-2.0
-- Centres and their hub. What a centre sent lies in `event` under its own node, verbatim.

-- The centres that joined this hub: one row for each office's database.
CREATE TABLE node (
    id @BLOB@ NOT NULL PRIMARY KEY,
    centre TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,         -- joined, revoked, forked
    cert TEXT NOT NULL,          -- SHA-256 of its certificate, hex; '' = none
    cert_next TEXT NOT NULL,     -- of the one that follows, while both are good
    sign_key @BLOB@ NOT NULL,    -- Ed25519, public
    joined BIGINT NOT NULL,
    changed BIGINT NOT NULL
) @STRICT@;
CREATE INDEX node_centre ON node (centre);

-- Who may join: at most one invitation of a centre.
CREATE TABLE invitation (
    centre TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    code TEXT NOT NULL,          -- Argon2id of the secret part
    until BIGINT NOT NULL
) @STRICT@;

-- Events of a centre (at the hub) or of the hub (at a centre) from which nothing follows, and why.
CREATE TABLE quarantine (
    node @BLOB@ NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (node, epoch, seq)
) @STRICT@;

-- What was lost when two changed a request at once, until a person has closed it.
CREATE TABLE conflict (
    request @BLOB@ NOT NULL,
    event @BLOB@ NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL,
    open BIGINT NOT NULL,        -- 1 until it was closed
    PRIMARY KEY (request, event)
) @STRICT@;

ALTER TABLE account ADD COLUMN of_hub BIGINT NOT NULL DEFAULT 0; -- 1: it came from the hub
