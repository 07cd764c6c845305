-- SPDX-License-Identifier: Apache-2.0
-- Meetings and issues stand in the feed of their governorate: a centre that joins later hears of them, too.
INSERT INTO feed (dest, epoch, seq)
    SELECT DISTINCT SUBSTR(o.place, 1, 2), e.epoch, e.seq FROM oversight o
    JOIN event e ON e.tx = o.id
    JOIN office own ON own.node = e.node
    WHERE o.kind <> 'finding' AND e.type IN ('meeting.held', 'issue.raised', 'issue.listed');
