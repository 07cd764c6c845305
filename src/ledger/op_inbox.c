/* SPDX-License-Identifier: Apache-2.0
 * The inbox: documents that a clerk sends before they belong to a request. A name stands there
 * once, a file is as long as the office allows, a centre's inbox has its bounds, and what is none
 * of the kinds that are taken doesn't stay. Other people's entries are as if they weren't there. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"
#include "text/input.h"

#define NAME_MOST 255    /* bytes */
#define ENTRIES_MOST 500 /* of one account */
#define INBOX_SHOWN 100
#define KNOWN_SHOWN 20

/* A name that can stand in a list and in a folder of any system. */
static int name_ok(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strlen(name) <= NAME_MOST && !strchr(name, '/') &&
           !strchr(name, '\\') && input_is_clean(name);
}

static void put_blob(struct call *call, const struct store_blob *blob)
{
    call_put_sha(call, blob->sha);
    wire_put_i64(call->out, blob->size);
    wire_put_u8(call->out, (uint8_t)blob->type);
    wire_put_u32(call->out, blob->pages);
}

static void put_entry(struct call *call, const void *row)
{
    const struct store_inbox *entry = row;
    wire_put_id(call->out, &entry->id);
    wire_put_text(call->out, entry->name);
    wire_put_text(call->out, "");
    put_blob(call, &entry->blob);
    wire_put_i64(call->out, entry->at);
    wire_put_u8(call->out, (uint8_t)(entry->whole != 0));
}

static void put_known(struct call *call, const void *row)
{
    const struct store_document *known = row;
    wire_put_id(call->out, &(struct id){0});
    wire_put_text(call->out, known->name);
    wire_put_text(call->out, known->role);
    put_blob(call, &known->blob);
    wire_put_i64(call->out, known->at);
    wire_put_u8(call->out, 1);
}

/* What that person brought before, to this centre. */
static int list_known(struct call *call, const char *civil, struct arena *arena, uint32_t *rows)
{
    struct store_document *list;
    size_t count = 0;
    int err = store_document_known(call->store, call->who->centre, civil, KNOWN_SHOWN, arena, &list,
                                   &count);
    for (size_t i = 0; !err && i < count && call_put_row(call, put_known, &list[i]); i++)
        ++*rows;
    if (err || count == 0)
        return err;
    call->seen->sight = SIGHT_PERSON;
    call->seen->rows = (int64_t)count;
    return str_copy(call->seen->civil, sizeof call->seen->civil, civil);
}

int op_inbox_list(struct call *call)
{
    char civil[16];
    struct store_inbox *list;
    size_t count;
    uint32_t rows = 0;
    wire_text(&call->in, civil, sizeof civil);
    if (!call_done(call) || strspn(civil, "0123456789") != strlen(civil))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_inbox_list(call->store, call->who->account, INBOX_SHOWN, arena, &list, &count);
    if (!err) {
        size_t at = call_begin_list(call);
        while (rows < count && call_put_row(call, put_entry, &list[rows]))
            rows++;
        if (civil[0])
            err = list_known(call, civil, arena, &rows);
        call_put_count(call, at, rows);
    }
    arena_free(&arena);
    return err;
}

/* Room for one more document: 0, SND_E_LIMIT, SND_E_FULL. */
static int room_for(struct call *call, int64_t size)
{
    int64_t entries, bytes;
    if (!call->documents)
        return SND_E_SYS;
    if (call->disk_low)
        return SND_E_FULL;
    int err = store_inbox_use(call->store, call->who->account, call->who->centre, &entries, &bytes);
    if (err)
        return err;
    return size > call->documents->most || entries >= ENTRIES_MOST ||
                   bytes + size > call->documents->inbox_most
               ? SND_E_LIMIT
               : 0;
}

static int begin_new(struct call *call, const char *name, int64_t size)
{
    struct store_inbox entry = {.id = call->id, .at = call->actor.at};
    int err = room_for(call, size);
    if (!err)
        err = store_blob_begin(call->store, NULL, size, call->actor.at, &entry.file);
    if (err)
        return err;
    (void)str_copy(entry.account, sizeof entry.account, call->who->account);
    (void)str_copy(entry.centre, sizeof entry.centre, call->who->centre);
    (void)str_copy(entry.name, sizeof entry.name, name);
    err = store_inbox_add(call->store, &entry);
    wire_put_id(call->out, &entry.id);
    wire_put_i64(call->out, 0);
    return err;
}

/* Goes on with one that is not whole, from where it ends or from its beginning. */
static int begin_again(struct call *call, const struct store_inbox *entry, int resumes)
{
    if (entry->whole)
        return SND_E_EXISTS;
    int err = resumes ? 0 : store_blob_empty(call->store, &entry->file);
    wire_put_id(call->out, &entry->id);
    wire_put_i64(call->out, resumes ? entry->blob.size : 0);
    return err;
}

int op_inbox_begin(struct call *call)
{
    char name[STORE_BLOB_NAME];
    struct store_inbox entry;
    wire_text(&call->in, name, sizeof name);
    int64_t size = wire_i64(&call->in);
    int resumes = call_get_flag(call);
    if (!call_done(call) || size < 0)
        return OP_MALFORMED;
    if (!name_ok(name))
        return SND_E_BAD;
    int err = store_inbox_named(call->store, call->who->account, name, &entry);
    if (err == SND_E_NOTFOUND)
        return begin_new(call, name, size);
    return err ? err : begin_again(call, &entry, resumes);
}

/* The entry that a call names, when it is this person's and still grows. */
static int growing_entry(struct call *call, const struct id *id, struct store_inbox *out)
{
    int err = call->documents ? 0 : SND_E_SYS;
    if (!err)
        err = store_inbox_get(call->store, call->who->account, id, out);
    return !err && out->whole ? SND_E_EXISTS : err;
}

int op_inbox_put(struct call *call)
{
    struct id id;
    struct store_inbox entry;
    size_t len;
    wire_id(&call->in, &id);
    int64_t offset = wire_i64(&call->in);
    const uint8_t *bytes = wire_bytes(&call->in, &len);
    if (!call_done(call) || len > STORE_BLOB_PIECE)
        return OP_MALFORMED;
    int err = growing_entry(call, &id, &entry);
    return err ? err : call_add_bytes(call, &entry.file, offset, bytes, len);
}

/* What was found out about it becomes the entry's, or the entry goes. */
static int settle(struct call *call, const struct store_inbox *entry, const struct id *file,
                  const struct store_blob *blob, enum store_walked how)
{
    if (how == WALK_WHOLE)
        return store_inbox_whole(call->store, &entry->id, file, blob, call->actor.at);
    if (how == WALK_TYPE || how == WALK_SHA)
        return store_inbox_drop(call->store, call->who->account, &entry->id);
    return 0;
}

int op_inbox_end(struct call *call)
{
    struct id id, file;
    struct store_inbox entry;
    struct store_blob blob;
    enum store_walked how = WALK_WHOLE;
    wire_id(&call->in, &id);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = growing_entry(call, &id, &entry);
    if (err == SND_E_EXISTS) { /* asked again */
        blob = entry.blob;
        err = 0;
    } else if (!err) {
        file = entry.file;
        err = call_finish(call, &file, &blob, &how);
        if (!err)
            err = settle(call, &entry, &file, &blob, how);
    }
    if (err)
        return err;
    wire_put_u8(call->out, (uint8_t)how);
    put_blob(call, &blob);
    return 0;
}

int op_inbox_rename(struct call *call)
{
    struct id id;
    struct store_inbox entry;
    char name[STORE_BLOB_NAME];
    wire_id(&call->in, &id);
    wire_text(&call->in, name, sizeof name);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!name_ok(name))
        return SND_E_BAD;
    int err = store_inbox_get(call->store, call->who->account, &id, &entry);
    return err ? err : store_inbox_rename(call->store, &entry, name);
}

int op_inbox_drop(struct call *call)
{
    struct id id;
    wire_id(&call->in, &id);
    if (!call_done(call))
        return OP_MALFORMED;
    return store_inbox_drop(call->store, call->who->account, &id);
}
