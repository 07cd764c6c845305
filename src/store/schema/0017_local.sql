-- SPDX-License-Identifier: Apache-2.0
-- Local state of what goes between a centre and its hub.

-- The hub that this office belongs to: one row once there are keys.
CREATE TABLE uplink (
    id @BLOB@ NOT NULL PRIMARY KEY, -- this office's node
    url TEXT NOT NULL,           -- '' = it has not joined
    hub @BLOB@ NOT NULL,         -- the hub's node; zeros = none
    down_epoch BIGINT NOT NULL,  -- the hub's event up to which all were taken
    down_seq BIGINT NOT NULL,
    acked_epoch BIGINT NOT NULL, -- our event up to which the hub has all
    acked_seq BIGINT NOT NULL,
    last_ok BIGINT NOT NULL,
    error TEXT NOT NULL,         -- the word for why the last try failed, '' = it didn't
    skew_ms BIGINT NOT NULL,     -- the hub's clock less ours
    pushed BIGINT NOT NULL,      -- when a person last asked for it at once
    sign_key @BLOB@ NOT NULL,    -- Ed25519: public
    sign_secret @BLOB@ NOT NULL  -- and secret, sealed
) @STRICT@;

-- Which of our own events go down, and where to: a centre's code or '*'.
CREATE TABLE feed (
    dest TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (dest, epoch, seq)
) @STRICT@;

-- When a centre was last heard of.
CREATE TABLE node_seen (
    node @BLOB@ NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    skew_ms BIGINT NOT NULL,
    program TEXT NOT NULL
) @STRICT@;

-- Kinds of events that came before the program that knows them.
CREATE TABLE unknown_type (
    type TEXT NOT NULL PRIMARY KEY
) @STRICT@;
