/* SPDX-License-Identifier: Apache-2.0 */
/* The driver shim over SQLite: the only file that knows which engine stands below. One wrapper for
 * each thing one does with a statement, so that errors, parameters and types are treated in one
 * place. Statements are prepared once and found again by the address of their text.
 *
 * A write is only promised after db_commit() gave 0: write-ahead log with synchronous=FULL. When
 * the disk itself fails, what was synced is unknown, so the database refuses all further writes
 * instead of trying again. Nothing here logs values: SQLite's messages name tables and columns
 * only. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "store/db_priv.h"

#define DB_PARAMETERS 32
#define DB_NEAR 256
#define DB_PATIENCE_MS 5000
#define DB_LOG_MOST 32000 /* pages; what another process should have written back long before */
#define DB_SETTLE_MS 50   /* nobody is kept waiting for an empty log */
#define DB_PULSE 1000     /* steps of the engine */
#define DB_LENGTH_MAX (64 * 1024 * 1024) /* of one value or statement */

struct query {
    struct db *db;
    const char *sql; /* its address is the key */
    sqlite3_stmt *stmt;
    int parameters;
    int place[DB_PARAMETERS]; /* SQLite's index of $1, $2, ...: it counts them by appearance */
    int bound;                /* parameters bound so far */
    int column;               /* next column to read */
    int fault;                /* first thing that went wrong in binding or reading */
};
struct db {
    sqlite3 *handle;
    enum db_mode mode;
    struct query **query;
    size_t queries;
    struct query *near[DB_NEAR]; /* the one last found by each few bits of the address */
    const char *file;            /* where the open transaction was begun */
    int line;
    int log;        /* pages in the log, when another process writes it back */
    int64_t undone; /* how often something was taken back */
    int inside;     /* we think a transaction is open; SQLite may have ended it */
    int broken;     /* the disk failed: no more writes */
    int why;        /* error that ended a transaction under us */
};

/* What each of SQLite's primary codes means to our callers. */
static const struct {
    int code, err;
} db_errors[] = {
    {SQLITE_BUSY, SND_E_BUSY},         {SQLITE_LOCKED, SND_E_BUSY},
    {SQLITE_FULL, SND_E_FULL},         {SQLITE_IOERR, SND_E_IO},
    {SQLITE_CORRUPT, SND_E_CORRUPT},   {SQLITE_NOTADB, SND_E_CORRUPT},
    {SQLITE_CONSTRAINT, SND_E_EXISTS}, {SQLITE_AUTH, SND_E_DENIED},
    {SQLITE_READONLY, SND_E_DENIED},   {SQLITE_CANTOPEN, SND_E_IO},
    {SQLITE_TOOBIG, SND_E_LIMIT},      {SQLITE_PROTOCOL, SND_E_BUSY},
};

static int db_error(struct db *db, int code, const char *what)
{
    int err = SND_E_SYS;
    for (size_t i = 0; i < SND_COUNT(db_errors); i++)
        if (db_errors[i].code == (code & 0xff))
            err = db_errors[i].err;
    if (err == SND_E_SYS)
        log_error("store.engine", "code=%d message=%s at=%s", code, sqlite3_errmsg(db->handle),
                  what);
    if (err == SND_E_IO && db->mode != DB_READ)
        db->broken = 1;
    if (db->inside && sqlite3_get_autocommit(db->handle)) {
        db->inside = 0;
        db->undone++;
        db->why = err;
    }
    return err;
}

static int db_settings_alone(struct db *db)
{
    static const char *const alone[] = {
        "PRAGMA locking_mode=EXCLUSIVE",
        "PRAGMA journal_mode=DELETE",
        "PRAGMA synchronous=EXTRA",
        "BEGIN IMMEDIATE", /* takes the lock, which then stays */
        "COMMIT",
    };
    int code = SQLITE_OK;
    for (size_t i = 0; i < SND_COUNT(alone) && code == SQLITE_OK; i++)
        code = sqlite3_exec(db->handle, alone[i], NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : db_error(db, code, "alone");
}

/* Only what this program needs of SQLite is left switched on. */
static int db_settings(struct db *db)
{
    static const char *const every[] = {
        "PRAGMA foreign_keys=ON",   "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON",
        "PRAGMA temp_store=MEMORY", /* a sandboxed process has nowhere to put a temporary file */
        "PRAGMA cache_size=-8192",  "PRAGMA secure_delete=ON", /* what is purged is gone */
    };
    static const char *const writer[] = {
        "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=1000",
        "PRAGMA journal_size_limit=100663296", /* a busy ledger's log keeps its size */
    };
    int code = SQLITE_OK;
    sqlite3_busy_timeout(db->handle, DB_PATIENCE_MS);
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, DB_LENGTH_MAX);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    for (size_t i = 0; i < SND_COUNT(every) && code == SQLITE_OK; i++)
        code = sqlite3_exec(db->handle, every[i], NULL, NULL, NULL);
    if (db->mode == DB_CREATE || db->mode == DB_WRITE)
        for (size_t i = 0; i < SND_COUNT(writer) && code == SQLITE_OK; i++)
            code = sqlite3_exec(db->handle, writer[i], NULL, NULL, NULL);
    if (db->mode == DB_ALONE && code == SQLITE_OK)
        return db_settings_alone(db);
    return code == SQLITE_OK ? 0 : db_error(db, code, "settings");
}

/* Makes the file ourselves: atomically new, and nobody else's to read. */
static int db_make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? SND_E_EXISTS : err_from_errno(errno);
    close(fd);
    return 0;
}

static int db_open_error(struct db *db, int code)
{
    int number = db->handle == NULL ? ENOMEM : sqlite3_system_errno(db->handle);
    if (code == SQLITE_CANTOPEN)
        return number == 0 || number == ENOENT ? SND_E_NOTFOUND : err_from_errno(number);
    return db->handle == NULL ? SND_E_SYS : db_error(db, code, "open");
}

int db_open(const char *path, enum db_mode mode, struct db **out)
{
    static const int flags[] = {
        [DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        [DB_WRITE] = SQLITE_OPEN_READWRITE,
        [DB_READ] = SQLITE_OPEN_READONLY,
        [DB_MEMORY] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        [DB_ALONE] = SQLITE_OPEN_READWRITE,
    };
    struct db *db = x_alloc(sizeof *db);
    int err = 0;
    /* Nobody asks how much memory it has; refused, and of no matter, when it is at work already. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    db->mode = mode;
    if (mode == DB_CREATE)
        err = db_make_file(path);
    if (err == 0) {
        int code = sqlite3_open_v2(mode == DB_MEMORY ? ":memory:" : path, &db->handle,
                                   flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
        err = code == SQLITE_OK ? db_settings(db) : db_open_error(db, code);
    }
    if (err != 0)
        db_close(&db);
    *out = db;
    return err;
}

void db_close(struct db **db)
{
    struct db *old = *db;
    if (old == NULL)
        return;
    for (size_t i = 0; i < old->queries; i++) {
        sqlite3_finalize(old->query[i]->stmt);
        x_free(&old->query[i]);
    }
    x_free(&old->query);
    sqlite3_close(old->handle);
    x_free(db);
}

static size_t db_replace(const char *at, const char **with)
{
    static const struct {
        const char *word, *with;
    } dialect[] = {{"@BLOB@", "BLOB"}, {"@STRICT@", "STRICT"}, {"BIGINT", "INTEGER"}};
    for (size_t i = 0; i < SND_COUNT(dialect); i++)
        if (strncmp(at, dialect[i].word, strlen(dialect[i].word)) == 0) {
            *with = dialect[i].with;
            return strlen(dialect[i].word);
        }
    return 0;
}

int db_script(struct db *db, const char *sql)
{
    struct buf text = BUF_INIT(1 << 20);
    while (*sql != '\0') {
        const char *with = NULL;
        size_t len = db_replace(sql, &with);
        if (len > 0)
            buf_puts(&text, with);
        else
            buf_putc(&text, *sql);
        sql += len > 0 ? len : 1;
    }
    snd_assert(!text.failed);
    int code = sqlite3_exec(db->handle, buf_text(&text), NULL, NULL, NULL);
    buf_free(&text);
    return code == SQLITE_OK ? 0 : db_error(db, code, "script");
}

/* May this statement be prepared? Events are never changed, but that their payload may go. */
static int db_allow_write(void *arg, int action, const char *table, const char *column,
                          const char *database, const char *trigger)
{
    int event = table != NULL && strcmp(table, "event") == 0;
    (void)arg, (void)database, (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_PRAGMA:
    case SQLITE_INSERT:
        return SQLITE_OK;
    case SQLITE_DELETE:
        return event ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_UPDATE:
        return event && strcmp(column, "payload") != 0 ? SQLITE_DENY : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

static int db_allow_read(void *arg, int action, const char *table, const char *column,
                         const char *database, const char *trigger)
{
    if (action == SQLITE_INSERT || action == SQLITE_DELETE || action == SQLITE_UPDATE)
        return SQLITE_DENY;
    return db_allow_write(arg, action, table, column, database, trigger);
}

static void (*db_beat)(void);

static int db_beating(void *arg)
{
    (void)arg;
    db_beat();
    return 0;
}

void db_pulse(struct db *db, void (*beat)(void))
{
    db_beat = beat;
    sqlite3_progress_handler(db->handle, DB_PULSE, beat != NULL ? db_beating : NULL, NULL);
}

void db_guard(struct db *db)
{
    sqlite3_set_authorizer(db->handle, db->mode == DB_READ ? db_allow_read : db_allow_write, NULL);
}

static int db_plain(struct db *db, const char *sql)
{
    return db_run(db_query(db, sql), NULL);
}

int db_begin_at(struct db *db, enum db_begin kind, const char *file, int line)
{
    if (db->inside)
        log_error("store.nested", "begun=%s:%d again=%s:%d", db->file, db->line, file, line);
    snd_assert(!db->inside);
    if (kind == DB_BEGIN_WRITE && db->broken)
        return SND_E_IO;
    int err = db_plain(db, kind == DB_BEGIN_WRITE ? "BEGIN IMMEDIATE" : "BEGIN");
    if (err != 0)
        return err;
    db->file = file;
    db->line = line;
    db->inside = 1;
    db->why = 0;
    return 0;
}

int db_commit(struct db *db)
{
    if (!db->inside)
        return db->why != 0 ? db->why : SND_E_IO;
    int err = db_plain(db, "COMMIT");
    if (err != 0) {
        log_error("store.commit_failed", "err=%d begun=%s:%d", err, db->file, db->line);
        db_rollback(db);
    }
    db->inside = 0;
    return err;
}

void db_rollback(struct db *db)
{
    db->undone++;
    if (db->inside && !sqlite3_get_autocommit(db->handle) && db_plain(db, "ROLLBACK") != 0)
        db->broken = 1; /* it can't be known what a later commit would hold */
    db->inside = 0;
}

int db_inside(const struct db *db)
{
    return db->inside;
}

int db_save(struct db *db)
{
    if (!db->inside)
        return db->why != 0 ? db->why : SND_E_IO;
    return db_plain(db, "SAVEPOINT step");
}

int db_release(struct db *db, int keep)
{
    int err = 0;
    if (!db->inside)
        return db->why != 0 ? db->why : SND_E_IO;
    db->undone += !keep;
    if (!keep)
        err = db_plain(db, "ROLLBACK TO step");
    return err != 0 ? err : db_plain(db, "RELEASE step");
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_total_changes64(db->handle);
}

int64_t db_undone(const struct db *db)
{
    return db->undone;
}

static void db_prepare(struct query *query)
{
    sqlite3 *handle = query->db->handle;
    int code =
        sqlite3_prepare_v3(handle, query->sql, -1, SQLITE_PREPARE_PERSISTENT, &query->stmt, NULL);
    if (code != SQLITE_OK) {
        query->fault = db_error(query->db, code, query->sql);
        return;
    }
    query->parameters = sqlite3_bind_parameter_count(query->stmt);
    snd_assert(query->parameters <= DB_PARAMETERS);
    for (int i = 0; i < query->parameters; i++) {
        char name[8];
        int cut = str_format(name, sizeof name, "$%d", i + 1);
        snd_assert(cut == 0);
        query->place[i] = sqlite3_bind_parameter_index(query->stmt, name);
        snd_assert(query->place[i] > 0);
    }
}

static struct query *db_find(struct db *db, const char *sql)
{
    struct query **near = &db->near[(uintptr_t)sql / 8 % DB_NEAR];
    if (*near != NULL && (*near)->sql == sql)
        return *near;
    for (size_t i = 0; i < db->queries; i++)
        if (db->query[i]->sql == sql)
            return *near = db->query[i];
    struct query *query = *near = x_alloc(sizeof *query);
    query->db = db;
    query->sql = sql;
    db->query = x_realloc(db->query, db->queries + 1, sizeof(struct query *));
    db->query[db->queries++] = query;
    return query;
}

struct query *db_query(struct db *db, const char *sql)
{
    struct query *query = db_find(db, sql);
    snd_assert(query->stmt == NULL || !sqlite3_stmt_busy(query->stmt));
    query->bound = 0;
    query->column = 0;
    query->fault = 0;
    if (query->stmt == NULL)
        db_prepare(query); /* what was bound before is bound over: db_row() sees to it */
    return query;
}

/* Index of the next parameter, or 0 when the statement couldn't be prepared. */
static int db_next(struct query *query)
{
    if (query->stmt == NULL)
        return 0;
    snd_assert(query->bound < query->parameters);
    return query->place[query->bound++];
}

static void db_bound(struct query *query, int code)
{
    if (code != SQLITE_OK && query->fault == 0)
        query->fault = db_error(query->db, code, query->sql);
}

void db_bind_int(struct query *query, int64_t number)
{
    int place = db_next(query);
    if (place > 0)
        db_bound(query, sqlite3_bind_int64(query->stmt, place, number));
}

void db_bind_text(struct query *query, const char *text)
{
    int place = db_next(query);
    if (place > 0)
        db_bound(query, sqlite3_bind_text(query->stmt, place, text, -1, SQLITE_STATIC));
}

void db_bind_blob(struct query *query, const void *bytes, size_t len)
{
    int place = db_next(query);
    if (place > 0)
        db_bound(query,
                 sqlite3_bind_blob64(query->stmt, place, len > 0 ? bytes : "", len, SQLITE_STATIC));
}

void db_bind_null(struct query *query)
{
    int place = db_next(query);
    if (place > 0)
        db_bound(query, sqlite3_bind_null(query->stmt, place));
}

void db_bind_id(struct query *query, const struct id *id)
{
    db_bind_blob(query, id->b, ID_SIZE);
}

int db_row(struct query *query)
{
    if (query->fault != 0)
        return db_end(query, query->fault);
    snd_assert(query->bound == query->parameters);
    int code = sqlite3_step(query->stmt);
    query->column = 0;
    if (code == SQLITE_ROW)
        return 1;
    int err = code == SQLITE_DONE ? 0 : db_error(query->db, code, query->sql);
    return db_end(query, err);
}

int db_run(struct query *query, int64_t *changed)
{
    int err = db_row(query);
    snd_assert(err <= 0);
    if (changed != NULL)
        *changed = err == 0 ? sqlite3_changes64(query->db->handle) : 0;
    return err;
}

int db_one(struct query *query)
{
    int got = db_row(query);
    return got == 0 ? SND_E_NOTFOUND : got < 0 ? got : 0;
}

int db_end(struct query *query, int err)
{
    if (query->stmt != NULL)
        sqlite3_reset(query->stmt);
    return err != 0 ? err : query->fault;
}

/* The next column, which must be of that type; -1 otherwise. */
static int db_next_column(struct query *query, int type)
{
    int column = query->column++;
    snd_assert(column < sqlite3_column_count(query->stmt));
    if (sqlite3_column_type(query->stmt, column) == type)
        return column;
    query->fault = SND_E_CORRUPT;
    return -1;
}

int64_t db_int(struct query *query)
{
    int column = db_next_column(query, SQLITE_INTEGER);
    return column < 0 ? 0 : sqlite3_column_int64(query->stmt, column);
}

const char *db_text_peek(struct query *query)
{
    int column = db_next_column(query, SQLITE_TEXT);
    const char *text = column < 0 ? NULL : (const char *)sqlite3_column_text(query->stmt, column);
    return text == NULL ? "" : text;
}

void db_text(struct query *query, char *out, size_t size)
{
    if (str_copy(out, size, db_text_peek(query)) != 0)
        query->fault = SND_E_CORRUPT;
}

const void *db_blob_peek(struct query *query, size_t *len)
{
    *len = 0;
    if (sqlite3_column_type(query->stmt, query->column) == SQLITE_NULL) {
        query->column++;
        return NULL;
    }
    int column = db_next_column(query, SQLITE_BLOB);
    if (column < 0)
        return NULL;
    const void *bytes = sqlite3_column_blob(query->stmt, column);
    *len = (size_t)sqlite3_column_bytes(query->stmt, column);
    return bytes == NULL ? "" : bytes;
}

void db_blob(struct query *query, void *out, size_t size)
{
    size_t len;
    const void *bytes = db_blob_peek(query, &len);
    if (bytes != NULL && len == size)
        memcpy(out, bytes, size);
    else {
        memset(out, 0, size);
        query->fault = SND_E_CORRUPT;
    }
}

void db_id(struct query *query, struct id *out)
{
    db_blob(query, out->b, ID_SIZE);
}

int db_columns(const struct query *query)
{
    return query->stmt == NULL ? 0 : sqlite3_column_count(query->stmt);
}

const char *db_column_name(const struct query *query, int column)
{
    return sqlite3_column_name(query->stmt, column);
}

/* Order of two values as ORDER BY has it: numbers, then texts, then bytes. */
int db_column_order(const struct query *a, const struct query *b, int column)
{
    int type = sqlite3_column_type(a->stmt, column), other = sqlite3_column_type(b->stmt, column);
    if (type != other)
        return type < other ? -1 : 1;
    if (type == SQLITE_INTEGER) {
        int64_t x = sqlite3_column_int64(a->stmt, column);
        int64_t y = sqlite3_column_int64(b->stmt, column);
        return (x > y) - (x < y);
    }
    const void *x = sqlite3_column_blob(a->stmt, column);
    const void *y = sqlite3_column_blob(b->stmt, column);
    int m = sqlite3_column_bytes(a->stmt, column), n = sqlite3_column_bytes(b->stmt, column);
    int order = m == 0 || n == 0 ? 0 : memcmp(x, y, (size_t)(m < n ? m : n));
    return order != 0 ? order : (m > n) - (m < n);
}

const char *db_column_text(const struct query *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query->stmt, column);
    return text == NULL ? "" : text;
}

const void *db_column_blob(const struct query *query, int column, size_t *len)
{
    *len = 0;
    if (sqlite3_column_type(query->stmt, column) != SQLITE_BLOB)
        return NULL;
    const void *bytes = sqlite3_column_blob(query->stmt, column);
    *len = (size_t)sqlite3_column_bytes(query->stmt, column);
    return bytes;
}

struct query *db_schema(struct db *db)
{
    return db_query(db, "SELECT name, name, type, tbl_name, sql FROM sqlite_master ORDER BY name");
}

static int db_complaints(struct query *query, void (*each)(void *arg, const char *complaint),
                         void *arg)
{
    int got;
    while ((got = db_row(query)) == 1) {
        const char *line = db_text_peek(query);
        if (strcmp(line, "ok") != 0)
            each(arg, line);
    }
    return db_end(query, got);
}

int db_verify(struct db *db, void (*each)(void *arg, const char *complaint), void *arg)
{
    return db_complaints(db_query(db, "PRAGMA integrity_check"), each, arg);
}

int db_quick(struct db *db, void (*each)(void *arg, const char *complaint), void *arg)
{
    return db_complaints(db_query(db, "PRAGMA quick_check"), each, arg);
}

const char *db_engine(void)
{
    return sqlite3_libversion();
}

/* The copy is one plain file: its pages say that there is a log beside it, so that is undone. */
static int db_copy_finish(struct db *db, sqlite3 *copy)
{
    int code = sqlite3_exec(copy, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(copy, "PRAGMA synchronous=EXTRA", NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : db_error(db, code, "copy");
}

/* In one step, so that the copy is of one moment; a log's readers delay no writer. */
static int db_copy_pages(struct db *db, sqlite3 *copy)
{
    sqlite3_backup *pages = sqlite3_backup_init(copy, "main", db->handle, "main");
    if (pages == NULL)
        return db_error(db, sqlite3_errcode(copy), "copy");
    (void)sqlite3_backup_step(pages, -1);
    int code = sqlite3_backup_finish(pages);
    return code == SQLITE_OK ? 0 : db_error(db, code, "copy");
}

int db_fill(struct db *db, struct db *with)
{
    return db_copy_pages(with, db->handle);
}

int db_copy(struct db *db, const char *path)
{
    sqlite3 *copy = NULL;
    int err = db_make_file(path);
    if (err != 0)
        return err;
    int code = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(copy, "PRAGMA synchronous=EXTRA", NULL, NULL, NULL);
    err = code == SQLITE_OK ? db_copy_pages(db, copy) : db_error(db, code, "copy");
    if (err == 0)
        err = db_copy_finish(db, copy);
    sqlite3_close(copy);
    if (err != 0)
        unlink(path);
    return err;
}

/* After each commit. What the other process has written back already is not written again, so
 * little is left, and the log begins anew afterwards. */
static int db_committed(void *arg, sqlite3 *handle, const char *name, int pages)
{
    struct db *db = arg;
    db->log = pages;
    if (pages >= DB_LOG_MOST)
        (void)sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
}

void db_leave_log(struct db *db)
{
    sqlite3_wal_hook(db->handle, db_committed, db);
}

int db_log_len(const struct db *db)
{
    return db->log;
}

int db_copy_log(struct db *db)
{
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return code == SQLITE_OK ? 0 : db_error(db, code, "copy of the log");
}

int db_settle(struct db *db)
{
    int log = 0, done = 0;
    sqlite3_busy_timeout(db->handle, DB_SETTLE_MS);
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &log, &done);
    sqlite3_busy_timeout(db->handle, DB_PATIENCE_MS);
    return code == SQLITE_OK ? 0 : db_error(db, code, "settle");
}

int db_compact(struct db *db)
{
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1); /* the engine's own scratch database */
    int err = db_plain(db, "VACUUM");
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    return err != 0 ? err : db_settle(db);
}
