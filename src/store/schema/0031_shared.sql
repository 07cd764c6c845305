-- SPDX-License-Identifier: Apache-2.0
-- Texts of forms that requests passed to this office were filled in by, and that are not here yet.
CREATE TABLE form_wanted (
    sha @BLOB@ NOT NULL PRIMARY KEY
) @STRICT@;
INSERT INTO form_wanted (sha)
    SELECT DISTINCT r.form FROM request r
    WHERE NOT EXISTS (SELECT 1 FROM form f WHERE f.sha = r.form)
    AND EXISTS (SELECT 1 FROM event e JOIN office own ON own.node = e.node
                WHERE e.tx = r.id AND e.type = 'request.passed');
