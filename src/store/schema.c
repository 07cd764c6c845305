/* SPDX-License-Identifier: Apache-2.0 */
/* Brings a database's schema forward: the numbered files that it hasn't had yet, in their order,
 * in one transaction with the new version's number and with what the program has to do besides for
 * the rows that are there. A step that can't stand in a transaction divides it: whoever is stopped
 * there goes on from there.
 * A book of years takes its time: somebody may hear that it goes on.
 * Only ever forward; a database made by a newer program is refused before anything is touched. A
 * file that was ever released never changes. */
#include <string.h>
#include "base/attr.h"
#include "base/clock.h"
#include "base/err.h"
#include "store/person_priv.h"
#include "store/request_priv.h"
#include "store/schema_priv.h"
#include "store/seal_priv.h"
#include "store/trail_priv.h"
#include "store/tally_priv.h"

#define SCHEMA_PEOPLE 11  /* the version that has customers, */
#define SCHEMA_WORDS 15   /* and that has all of their names among the words of a request, */
#define SCHEMA_SYMBOLS 30 /* and its number's symbols no more */
#define SCHEMA_TELL_MS 1000

static struct {
    void (*tell)(void *arg, int64_t version, int64_t newest);
    void *arg;
    int64_t version, told; /* where it is; when that was last told */
} schema_told;

void store_tell_forward(void (*tell)(void *arg, int64_t version, int64_t newest), void *arg)
{
    schema_told.tell = tell;
    schema_told.arg = arg;
}

static void schema_tell(int64_t version)
{
    schema_told.version = version;
    schema_told.told = clock_mono_ms();
    if (schema_told.tell != NULL)
        schema_told.tell(schema_told.arg, version, schema_newest());
}

static void schema_beat(void)
{
    if (clock_mono_ms() - schema_told.told >= SCHEMA_TELL_MS)
        schema_tell(schema_told.version);
}

static int schema_compact(struct store *store)
{
    return db_compact(store->db);
}

/* What is to be done with the rows of a database that comes to that version. */
static const struct {
    int64_t version;
    int (*before)(struct store *store); /* outside of its transaction */
    int (*inside)(struct store *store);
} schema_steps[] = {
    {.version = SCHEMA_SEALED, .inside = seal_first},
    {.version = SCHEMA_SEALED + 2, .before = schema_compact},
    {.version = SCHEMA_TRAILS, .inside = subject_first},
    {.version = SCHEMA_TALLY, .inside = tally_first},
    {.version = SCHEMA_PEOPLE, .inside = person_first},
    {.version = SCHEMA_PARTS, .inside = tally_parts},
    {.version = SCHEMA_WORDS, .inside = request_words_anew},
    {.version = SCHEMA_MOVES, .inside = tally_places},
    {.version = SCHEMA_FEED, .inside = feed_first},
    {.version = SCHEMA_SYMBOLS, .inside = request_symbols_gone},
};

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

/* The files of one version and its step. */
static int schema_run(struct store *store, int64_t version, int fresh)
{
    int err = 0;
    if (!fresh)
        schema_tell(version);
    for (size_t i = 0; schema_files[i] != NULL && err == 0; i += 2)
        if (schema_number(schema_files[i]) == version)
            err = db_script(store->db, schema_files[i + 1]);
    for (size_t i = 0; i < SND_COUNT(schema_steps) && err == 0 && !fresh; i++)
        if (schema_steps[i].version == version && schema_steps[i].inside != NULL)
            err = schema_steps[i].inside(store);
    return err;
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

/* All versions after `from` up to `to` in one transaction. */
static int schema_move(struct store *store, int64_t from, int64_t to, int fresh)
{
    int err = db_begin(store->db, DB_BEGIN_WRITE);
    if (err != 0)
        return err;
    for (int64_t version = from + 1; version <= to && err == 0; version++)
        err = schema_run(store, version, fresh);
    if (err == 0)
        err = schema_stamp(store->db, to);
    if (err == 0)
        return db_commit(store->db);
    db_rollback(store->db);
    return err;
}

/* What must be done outside of a transaction before that version; NULL for most. */
static int (*schema_before(int64_t version))(struct store *store)
{
    for (size_t i = 0; i < SND_COUNT(schema_steps); i++)
        if (schema_steps[i].version == version)
            return schema_steps[i].before;
    return NULL;
}

/* As far as one transaction goes: *version is where that is. */
static int schema_stretch(struct store *store, int64_t *version, int64_t newest)
{
    int64_t from = *version, to = from + 1;
    int err = schema_before(to) != NULL ? schema_before(to)(store) : 0;
    while (to < newest && schema_before(to + 1) == NULL)
        to++;
    *version = to;
    return err != 0 ? err : schema_move(store, from, to, 0);
}

int schema_forward(struct store *store, int fresh)
{
    int64_t version = 0, newest = schema_newest();
    if (fresh) /* there are no rows that anything must be done with */
        return schema_move(store, 0, newest, 1);
    int err = schema_version(store->db, &version);
    if (err == 0 && version > newest)
        return SND_E_VERSION;
    if (err == 0 && version < newest && store->mode == STORE_READ)
        return SND_E_DENIED;
    if (err == 0 && version < SCHEMA_SEALED && store->vault == NULL)
        return SND_E_DENIED; /* with what keys? */
    if (err != 0 || version == newest)
        return err;
    db_pulse(store->db, schema_beat);
    while (err == 0 && version < newest)
        err = schema_stretch(store, &version, newest);
    db_pulse(store->db, NULL);
    return err;
}
