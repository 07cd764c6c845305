-- SPDX-License-Identifier: Apache-2.0
-- Shared state, first version: the event log and what is worked out from it. Everything but `event`
-- and `head` is a projection: written by the events' own functions in the transaction that keeps
-- the event, and rebuilt from nothing but events when the book is checked.
-- Only what SQLite and PostgreSQL have in common. BIGINT, @BLOB@ and @STRICT@ are words that the
-- driver puts into its own dialect. Times are UTC milliseconds, days are numbered from 1970-01-01,
-- money is baisa.

-- Truth. Append-only; a payload alone may be purged (NULL), which the chain survives. The columns
-- before `payload` are hashed into `hash` together with the hash of the event before.
CREATE TABLE event (
    node @BLOB@ NOT NULL,        -- who wrote it,
    epoch BIGINT NOT NULL,       -- in which life of its database,
    seq BIGINT NOT NULL,         -- and the how-manieth there, without gaps
    id @BLOB@ NOT NULL,          -- of this event
    tx @BLOB@ NOT NULL,          -- the request or session it is about; zeros for others
    rev BIGINT NOT NULL,         -- revision of that request afterwards; 0 for others
    type TEXT NOT NULL,          -- a word of events.def
    actor TEXT NOT NULL,         -- account, or cli:<unix user>
    centre TEXT NOT NULL,        -- the actor's
    peer TEXT NOT NULL,          -- address the actor came from
    t BIGINT NOT NULL,           -- by the node's clock
    day BIGINT NOT NULL,         -- business day
    form @BLOB@ NOT NULL,        -- hash of the form it was filled with; zeros without one
    payload_sha @BLOB@ NOT NULL, -- of the whole payload
    payload @BLOB@,              -- 16 random bytes, then JSON
    hash @BLOB@ NOT NULL,        -- of everything above but the payload, and of the hash before
    PRIMARY KEY (node, epoch, seq),
    UNIQUE (node, id)
) @STRICT@;
CREATE INDEX event_tx ON event (tx, epoch, seq);

-- The end of each chain: the next event takes seq + 1 in the transaction that moves this row.
CREATE TABLE head (
    node @BLOB@ NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash @BLOB@ NOT NULL,
    PRIMARY KEY (node, epoch)
) @STRICT@;

-- The office that this database belongs to: one row.
CREATE TABLE office (
    node @BLOB@ NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    centre TEXT NOT NULL,
    name TEXT NOT NULL,
    wilayat TEXT NOT NULL,
    practice BIGINT NOT NULL
) @STRICT@;

CREATE TABLE account (
    account TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    centre TEXT NOT NULL,
    lang TEXT NOT NULL,
    secret TEXT NOT NULL,        -- Argon2id, '' = no password
    one_time BIGINT NOT NULL,    -- the password must be changed at the next login
    disabled BIGINT NOT NULL,
    secret_at BIGINT NOT NULL    -- when the password was set
) @STRICT@;

CREATE TABLE account_key (
    account TEXT NOT NULL,
    pubkey TEXT NOT NULL,        -- type base64
    added BIGINT NOT NULL,
    PRIMARY KEY (account, pubkey)
) @STRICT@;

CREATE TABLE session (
    id @BLOB@ NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    how TEXT NOT NULL,           -- password, key, ...
    peer TEXT NOT NULL,
    opened BIGINT NOT NULL,
    closed BIGINT NOT NULL       -- 0 = not yet
) @STRICT@;

-- Forms by hash, immutable, with the lists they named as these were on the day of loading.
CREATE TABLE form (
    sha @BLOB@ NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (code, version)
) @STRICT@;
CREATE TABLE form_list (
    form @BLOB@ NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (form, name)
) @STRICT@;

-- A request as it stands. What was filled in stays in the payload of the event named here.
CREATE TABLE request (
    id @BLOB@ NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    agency TEXT NOT NULL,
    centre TEXT NOT NULL,
    account TEXT NOT NULL,       -- who submitted it
    applicant TEXT NOT NULL,
    civil TEXT NOT NULL,
    state TEXT NOT NULL,
    day BIGINT NOT NULL,
    at BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    fee_agency BIGINT NOT NULL,
    fee_centre BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    form @BLOB@ NOT NULL,
    search TEXT NOT NULL,        -- folded words of applicant, civil number and number
    node @BLOB@ NOT NULL,        -- the event that holds the values
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL
) @STRICT@;
CREATE INDEX request_newest ON request (at, id);
CREATE INDEX request_centre ON request (centre, at, id);

-- Each folded word of `search`, for looking up by its beginning.
CREATE TABLE token (
    word TEXT NOT NULL,
    request @BLOB@ NOT NULL,
    PRIMARY KEY (word, request)
) @STRICT@;

-- How many requests, by what reports ask for.
CREATE TABLE rollup (
    centre TEXT NOT NULL,
    day BIGINT NOT NULL,
    service TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    fee_agency BIGINT NOT NULL,
    fee_centre BIGINT NOT NULL,
    PRIMARY KEY (centre, day, service, state)
) @STRICT@;
