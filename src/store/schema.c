/* SPDX-License-Identifier: Apache-2.0 */
/* Brings a database's schema forward: the numbered files that it hasn't had yet, in their order,
 * in one transaction with the new version number. Only ever forward; a database made by a newer
 * program is refused before anything is touched. A file that was ever released never changes. */
#include <string.h>
#include "base/attr.h"
#include "base/err.h"
#include "store/db_priv.h"
#include "store/schema_priv.h"

static int64_t schema_number(const char *name)
{
    int64_t number = 0;
    for (; *name >= '0' && *name <= '9'; name++)
        number = number * 10 + (*name - '0');
    snd_assert(number > 0 && *name == '_');
    return number;
}

int64_t schema_newest(void)
{
    int64_t newest = 0;
    for (size_t i = 0; schema_files[i] != NULL; i += 2) {
        snd_assert(schema_number(schema_files[i]) >= newest);
        newest = schema_number(schema_files[i]);
    }
    return newest;
}

int schema_version(struct db *db, int64_t *out)
{
    struct query *query = db_query(db, "SELECT version FROM schema_version");
    int err = db_one(query);
    if (err == 0)
        *out = db_int(query);
    err = db_end(query, err);
    return err == SND_E_SYS || err == SND_E_NOTFOUND ? SND_E_CORRUPT : err;
}

static int schema_run(struct db *db, int64_t from)
{
    for (size_t i = 0; schema_files[i] != NULL; i += 2) {
        if (schema_number(schema_files[i]) <= from)
            continue;
        int err = db_script(db, schema_files[i + 1]);
        if (err != 0)
            return err;
    }
    return 0;
}

static int schema_stamp(struct db *db, int64_t version)
{
    int err = db_run(db_query(db, "DELETE FROM schema_version"), NULL);
    if (err != 0)
        return err;
    struct query *query = db_query(db, "INSERT INTO schema_version (version) VALUES ($1)");
    db_bind_int(query, version);
    return db_run(query, NULL);
}

int schema_forward(struct db *db, int fresh)
{
    int64_t version = 0, newest = schema_newest();
    int err = fresh ? 0 : schema_version(db, &version);
    if (err != 0 || version == newest)
        return err;
    if (version > newest)
        return SND_E_VERSION;
    err = db_begin(db, DB_BEGIN_WRITE);
    if (err != 0)
        return err;
    err = schema_run(db, version);
    if (err == 0)
        err = schema_stamp(db, newest);
    if (err == 0)
        return db_commit(db);
    db_rollback(db);
    return err;
}
