-- SPDX-License-Identifier: Apache-2.0
-- Trails: everything that somebody did, and everything that was done to or seen of an account or a
-- person, newest first, without reading the log from its beginning.

CREATE INDEX event_actor ON event (actor, epoch, seq);

-- Whom an event is about besides its actor.
CREATE TABLE event_subject (
    subject @BLOB@ NOT NULL,     -- 'a' and an account's name, or 'p' and the index of a civil number
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    node @BLOB@ NOT NULL,
    PRIMARY KEY (subject, epoch, seq, node)
) @STRICT@;
