-- SPDX-License-Identifier: Apache-2.0
-- Services beyond their forms: what was ruled of one, the notices that are to be read before a new
-- or changed service is begun, who has read them, and who has practised.

-- A ruling opens or closes a service from one day to another, whatever its form says. Of those that
-- hold on a day the newest counts.
CREATE TABLE ruling (
    service TEXT NOT NULL,
    epoch BIGINT NOT NULL,       -- the event that made it
    seq BIGINT NOT NULL,
    opens BIGINT NOT NULL,       -- 1 = opened, 0 = closed
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,      -- the last day
    reason TEXT NOT NULL,        -- for people, '' = none was given
    PRIMARY KEY (service, epoch, seq)
) @STRICT@;

-- What is new about a service. It concerns its form's version and those after it; version 0 says
-- that the service was opened for the first time.
CREATE TABLE notice (
    id @BLOB@ NOT NULL PRIMARY KEY,
    service TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    version BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    body_ar TEXT NOT NULL,
    body_en TEXT NOT NULL
) @STRICT@;
CREATE INDEX notice_service ON notice (service, epoch, seq);

CREATE TABLE notice_read (
    account TEXT NOT NULL,
    notice @BLOB@ NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, notice)
) @STRICT@;

-- Practice: a service's form filled in by somebody for nobody.
CREATE TABLE training (
    id @BLOB@ NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    centre TEXT NOT NULL,
    service TEXT NOT NULL,
    form @BLOB@ NOT NULL,
    at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    faults BIGINT NOT NULL       -- when it was first thought to be ready
) @STRICT@;
CREATE INDEX training_newest ON training (at, id);
