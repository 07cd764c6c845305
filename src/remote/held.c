/* SPDX-License-Identifier: Apache-2.0
 * Local drafts. A file is replaced whole and synced before anybody is told that it is kept; only
 * its owner may read it, since it holds what a citizen said in clear, as the paper on the desk
 * does. It goes as soon as the office has what is in it. One that can't be read is set aside under
 * another name and never written over. */
#include "remote/held.h"
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"

#define HELD_VERSION 1
#define HELD_MOST (3 * WIRE_MAX)
#define HELD_TAIL ".held"
enum { HELD_DIRTY = 1, HELD_UPSTREAM = 2, HELD_SUBMITTED = 4 };

static char *path_of(const struct held_all *all, const struct id *id)
{
    char name[ID_TEXT];
    id_text(id, name);
    return x_printf("%s/%s" HELD_TAIL, all->folder, name);
}

static struct held *held_new(struct held_all *all, const struct id *id)
{
    struct held *held = x_alloc(sizeof *held);
    held->id = *id;
    held->draft = held->submission = BUF_INIT(WIRE_MAX);
    held->next = all->first;
    all->first = held;
    return held;
}

static int read_file(struct held *held, const char *bytes, size_t len)
{
    uint8_t sha[HASH_SIZE];
    size_t draft_len, submission_len;
    if (len < HASH_SIZE)
        return SND_E_CORRUPT;
    hash_bytes(bytes, len - HASH_SIZE, sha);
    if (memcmp(sha, bytes + len - HASH_SIZE, HASH_SIZE) != 0)
        return SND_E_CORRUPT;
    struct wire in = {.at = (const uint8_t *)bytes, .left = len - HASH_SIZE};
    if (wire_u8(&in) != HELD_VERSION)
        return SND_E_VERSION;
    held->saved = wire_i64(&in);
    uint8_t flags = wire_u8(&in);
    const uint8_t *draft = wire_bytes(&in, &draft_len);
    const uint8_t *submission = wire_bytes(&in, &submission_len);
    if (wire_done(&in) || draft_len > WIRE_MAX || submission_len > WIRE_MAX)
        return SND_E_CORRUPT;
    held->dirty = (flags & HELD_DIRTY) != 0;
    held->upstream = (flags & HELD_UPSTREAM) != 0;
    held->submitted = (flags & HELD_SUBMITTED) != 0;
    buf_put(&held->draft, draft, draft_len);
    buf_put(&held->submission, submission, submission_len);
    return 0;
}

/* Under a name that nothing has yet, however often the same draft comes to harm. */
static void set_aside(const char *path)
{
    char *aside = x_printf("%s.damaged", path);
    for (int n = 2; access(aside, F_OK) == 0; n++) {
        x_free(&aside);
        aside = x_printf("%s.damaged-%d", path, n);
    }
    if (rename(path, aside))
        log_warn("held.rename", "file=%s", path);
    x_free(&aside);
}

static void load(struct held_all *all, const char *name)
{
    char text[ID_TEXT], *bytes = NULL;
    struct id id;
    size_t len = 0;
    if (strlen(name) != ID_TEXT - 1 + strlen(HELD_TAIL) ||
        strcmp(name + ID_TEXT - 1, HELD_TAIL) != 0)
        return;
    (void)str_format(text, sizeof text, "%.32s", name);
    if (id_parse(text, &id))
        return;
    char *path = path_of(all, &id);
    int err = proc_read_file(path, HELD_MOST, &bytes, &len);
    struct held *held = held_new(all, &id);
    if (!err)
        err = read_file(held, bytes, len);
    if (err) {
        log_warn("held.damaged", "file=%s error=%s", name, err_text(err));
        set_aside(path);
        all->first = held->next;
        buf_free(&held->draft);
        buf_free(&held->submission);
        x_free(&held);
    }
    if (bytes)
        mem_wipe(bytes, len);
    x_free(&bytes);
    x_free(&path);
}

void held_load(struct held_all *all, const char *folder)
{
    DIR *dir = opendir(folder);
    *all = (struct held_all){.folder = x_strdup(folder)};
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        load(all, entry->d_name);
    if (dir)
        closedir(dir);
}

static void forget(struct held_all *all, struct held *held)
{
    struct held **at = &all->first;
    while (*at != held)
        at = &(*at)->next;
    *at = held->next;
    buf_free(&held->draft);
    buf_free(&held->submission);
    x_free(&held);
}

void held_free(struct held_all *all)
{
    while (all->first)
        forget(all, all->first);
    x_free(&all->folder);
}

struct held *held_find(const struct held_all *all, const struct id *id)
{
    struct held *held = all->first;
    while (held && !id_equal(&held->id, id))
        held = held->next;
    return held;
}

struct held *held_add(struct held_all *all, const struct id *id)
{
    struct held *held = held_find(all, id);
    return held ? held : held_new(all, id);
}

int held_save(const struct held_all *all, const struct held *held)
{
    struct buf file = BUF_INIT(HELD_MOST);
    uint8_t sha[HASH_SIZE];
    char *path = path_of(all, &held->id);
    wire_put_u8(&file, HELD_VERSION);
    wire_put_i64(&file, held->saved);
    wire_put_u8(&file,
                (uint8_t)((held->dirty ? HELD_DIRTY : 0) | (held->upstream ? HELD_UPSTREAM : 0) |
                          (held->submitted ? HELD_SUBMITTED : 0)));
    wire_put_bytes(&file, held->draft.data, held->draft.len);
    wire_put_bytes(&file, held->submission.data, held->submission.len);
    hash_bytes(file.data, file.len, sha);
    buf_put(&file, sha, HASH_SIZE);
    int err = file.failed ? SND_E_LIMIT : proc_write_file(path, file.data, file.len, 0600);
    buf_free(&file);
    x_free(&path);
    return err;
}

void held_drop(struct held_all *all, struct held *held)
{
    char *path = path_of(all, &held->id);
    if (unlink(path) == 0 && proc_sync_folder(path))
        log_warn("held.sync", "error=%s", err_text(SND_E_IO));
    x_free(&path);
    forget(all, held);
}

int held_waiting(const struct held_all *all)
{
    int count = 0;
    for (const struct held *held = all->first; held; held = held->next)
        count += held->submitted;
    return count;
}

int held_read(const struct held *held, struct held_said *out)
{
    struct wire in = {.at = held->draft.data, .left = held->draft.len};
    size_t len;
    wire_id(&in, &out->id);
    wire_text(&in, out->service, sizeof out->service);
    const uint8_t *sha = wire_bytes(&in, &len);
    if (len == HASH_SIZE)
        memcpy(out->sha, sha, HASH_SIZE);
    out->field = wire_u32(&in);
    out->caret = wire_u32(&in);
    wire_text(&in, out->summary, sizeof out->summary);
    out->typed = (const char *)wire_bytes(&in, &out->typed_len);
    out->values = (const char *)wire_bytes(&in, &out->values_len);
    return len != HASH_SIZE ? SND_E_BAD : wire_done(&in);
}
