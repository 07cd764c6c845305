/* SPDX-License-Identifier: Apache-2.0
 * SFTP as a client speaks it, decoded from whatever bytes come. Every length is held against what
 * is there before it is believed; a packet has a bound, and so have handles, paths and answers. A
 * handle is a place and how often that place was used, so that one that was closed is never taken
 * for the one that is there now. Paths are cleaned before anybody sees them, and one that climbs is
 * refused wherever it isn't asked what it would be. */
#include "ssh/sftp.h"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "base/mem.h"

enum { FXP_INIT = 1, FXP_VERSION = 2, FXP_STATUS = 101, FXP_HANDLE, FXP_DATA, FXP_NAME, FXP_ATTRS };
enum {
    FX_OK,
    FX_EOF,
    FX_NO_SUCH_FILE,
    FX_PERMISSION_DENIED,
    FX_FAILURE,
    FX_BAD_MESSAGE,
    FX_UNSUPPORTED = 8
};
#define SFTP_VERSION 3
#define ATTR_SIZE 1u
#define ATTR_MODE 4u
#define ATTR_TIME 8u
#define MODE_FOLDER 040700u
#define MODE_FILE 0100600u
#define LIST_ROWS 50 /* names in one answer */
#define HANDLE_BYTES 8

struct handle {
    void *file, *list; /* one of them, or the place is free */
    uint32_t used;     /* how often this place was taken */
};
struct sftp {
    const struct sftp_tree *tree;
    struct buf in;
    int begun;
    struct handle handle[SFTP_HANDLES];
};
/* A packet being answered. */
struct packet {
    struct sftp *sftp;
    uint32_t id;
    const uint8_t *at;
    size_t left;
    int bad;
    struct buf *out;
};

/* ---- reading ---- */

static uint32_t get_u32(struct packet *packet)
{
    uint32_t number = 0;
    if (packet->left < 4) {
        packet->bad = 1;
        return 0;
    }
    for (int i = 0; i < 4; i++)
        number = number << 8 | packet->at[i];
    packet->at += 4;
    packet->left -= 4;
    return number;
}

static uint64_t get_u64(struct packet *packet)
{
    uint64_t high = get_u32(packet);
    return high << 32 | get_u32(packet);
}

static const char *get_bytes(struct packet *packet, size_t *len)
{
    uint32_t want = get_u32(packet);
    *len = 0;
    if (packet->bad || want > packet->left) {
        packet->bad = 1;
        return "";
    }
    const char *bytes = (const char *)packet->at;
    packet->at += want;
    packet->left -= want;
    *len = want;
    return bytes;
}

int sftp_path(const char *text, size_t len, char out[SFTP_PATH], int *up)
{
    size_t used = 0;
    *up = 0;
    if (len > 4 * SFTP_PATH || memchr(text, '\0', len))
        return SND_E_BAD;
    for (size_t at = 0; at < len;) {
        size_t part = 0;
        while (at + part < len && text[at + part] != '/')
            part++;
        const char *name = text + at;
        at += part + (at + part < len);
        if (part == 0 || (part == 1 && name[0] == '.'))
            continue;
        if (part == 2 && memcmp(name, "..", 2) == 0) {
            *up = 1;
            while (used > 0 && out[--used] != '/')
                continue;
            continue;
        }
        if (used + 1 + part >= SFTP_PATH)
            return SND_E_BAD;
        out[used++] = '/';
        memcpy(out + used, name, part);
        used += part;
    }
    if (used == 0)
        out[used++] = '/';
    out[used] = '\0';
    return 0;
}

/* A path among the arguments, which doesn't climb. */
static int get_path(struct packet *packet, char out[SFTP_PATH])
{
    size_t len;
    int up = 0;
    const char *text = get_bytes(packet, &len);
    int err = packet->bad ? SND_E_BAD : sftp_path(text, len, out, &up);
    return err ? err : up ? SND_E_DENIED : 0;
}

static struct handle *get_handle(struct packet *packet)
{
    size_t len;
    const uint8_t *bytes = (const uint8_t *)get_bytes(packet, &len);
    if (packet->bad || len != HANDLE_BYTES)
        return NULL;
    uint32_t part[2] = {0, 0};
    for (size_t i = 0; i < HANDLE_BYTES; i++)
        part[i / 4] = part[i / 4] << 8 | bytes[i];
    if (part[0] >= SFTP_HANDLES)
        return NULL;
    struct handle *handle = &packet->sftp->handle[part[0]];
    return handle->used == part[1] && (handle->file || handle->list) ? handle : NULL;
}

/* ---- answering ---- */

static void put_u32(struct buf *out, uint32_t number)
{
    const uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 8), (uint8_t)number};
    buf_put(out, bytes, 4);
}

static void put_u64(struct buf *out, uint64_t number)
{
    put_u32(out, (uint32_t)(number >> 32));
    put_u32(out, (uint32_t)number);
}

static void put_bytes(struct buf *out, const void *bytes, size_t len)
{
    put_u32(out, (uint32_t)len);
    buf_put(out, bytes, len);
}

/* Begins an answer; returns where its length is to go. */
static size_t begin(struct packet *packet, int type)
{
    size_t at = packet->out->len;
    put_u32(packet->out, 0);
    buf_putc(packet->out, (char)type);
    put_u32(packet->out, packet->id);
    return at;
}

static void end(struct packet *packet, size_t at)
{
    uint32_t len = (uint32_t)(packet->out->len - at - 4);
    if (packet->out->failed)
        return;
    for (int i = 0; i < 4; i++)
        packet->out->data[at + (size_t)i] = (uint8_t)(len >> (24 - 8 * i));
}

static void say(struct packet *packet, uint32_t status, const char *text)
{
    size_t at = begin(packet, FXP_STATUS);
    put_u32(packet->out, status);
    put_bytes(packet->out, text, strlen(text));
    put_bytes(packet->out, "en", 2);
    end(packet, at);
}

/* Our own errors in the few words that version 3 has. */
static void answer(struct packet *packet, int err)
{
    static const struct {
        int err;
        uint32_t status;
        const char *text;
    } words[] = {
        {0, FX_OK, "Done"},
        {SND_E_NOTFOUND, FX_NO_SUCH_FILE, "There is no such file"},
        {SND_E_DENIED, FX_PERMISSION_DENIED, "That may not be done here"},
        {SND_E_EXISTS, FX_FAILURE, "A file of that name is there"},
        {SND_E_LIMIT, FX_FAILURE, "Too large, or too many"},
        {SND_E_FULL, FX_FAILURE, "The disk is nearly full"},
        {SND_E_BAD, FX_FAILURE, "That can't be a file's name, or is none of the documents taken"},
    };
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (words[i].err == err) {
            say(packet, words[i].status, words[i].text);
            return;
        }
    say(packet, FX_FAILURE, "It did not work, try again");
}

static void put_attr(struct buf *out, const struct sftp_attr *attr)
{
    put_u32(out, ATTR_MODE | ATTR_TIME | (attr->has_size ? ATTR_SIZE : 0));
    if (attr->has_size)
        put_u64(out, (uint64_t)attr->size);
    put_u32(out, attr->folder ? MODE_FOLDER : MODE_FILE);
    put_u32(out, (uint32_t)attr->time);
    put_u32(out, (uint32_t)attr->time);
}

static void answer_attr(struct packet *packet, int err, const struct sftp_attr *attr)
{
    if (err) {
        answer(packet, err);
        return;
    }
    size_t at = begin(packet, FXP_ATTRS);
    put_attr(packet->out, attr);
    end(packet, at);
}

static void answer_handle(struct packet *packet, struct handle *handle)
{
    size_t at = begin(packet, FXP_HANDLE);
    put_u32(packet->out, HANDLE_BYTES);
    put_u32(packet->out, (uint32_t)(handle - packet->sftp->handle));
    put_u32(packet->out, handle->used);
    end(packet, at);
}

/* A free place for a handle, NULL when all are taken. */
static struct handle *free_handle(struct sftp *sftp)
{
    for (size_t i = 0; i < SFTP_HANDLES; i++)
        if (!sftp->handle[i].file && !sftp->handle[i].list)
            return &sftp->handle[i];
    return NULL;
}

/* ---- what is asked ---- */

static void do_open(struct packet *packet)
{
    char path[SFTP_PATH];
    int err = get_path(packet, path);
    uint32_t flags = get_u32(packet), attrs = get_u32(packet);
    struct handle *handle = free_handle(packet->sftp);
    (void)attrs;
    if (!err && !handle)
        err = SND_E_LIMIT;
    if (!err && !packet->bad)
        err = packet->sftp->tree->open(packet->sftp->tree->arg, path, flags, &handle->file);
    if (err || packet->bad) {
        answer(packet, err);
        return;
    }
    handle->used++;
    answer_handle(packet, handle);
}

static void do_close(struct packet *packet)
{
    struct handle *handle = get_handle(packet);
    int err = handle ? 0 : SND_E_SYS;
    if (handle && handle->file)
        err = packet->sftp->tree->close(handle->file, 1);
    if (handle && handle->list)
        packet->sftp->tree->close_list(handle->list);
    if (handle)
        handle->file = handle->list = NULL;
    answer(packet, err);
}

static void do_read(struct packet *packet)
{
    struct handle *handle = get_handle(packet);
    uint64_t offset = get_u64(packet);
    uint32_t max = get_u32(packet);
    struct buf bytes = BUF_INIT(SFTP_READ);
    int err = handle && handle->file && offset <= INT64_MAX ? 0 : SND_E_SYS;
    if (!err && !packet->bad)
        err = packet->sftp->tree->read(handle->file, (int64_t)offset,
                                       max < SFTP_READ ? max : SFTP_READ, &bytes);
    if (err || packet->bad) {
        answer(packet, err);
    } else if (bytes.len == 0) {
        say(packet, FX_EOF, "The end");
    } else {
        size_t at = begin(packet, FXP_DATA);
        put_bytes(packet->out, bytes.data, bytes.len);
        end(packet, at);
    }
    buf_free(&bytes);
}

static void do_write(struct packet *packet)
{
    struct handle *handle = get_handle(packet);
    uint64_t offset = get_u64(packet);
    size_t len;
    const char *bytes = get_bytes(packet, &len);
    int err = handle && handle->file && offset <= INT64_MAX ? 0 : SND_E_SYS;
    if (!err && !packet->bad)
        err = packet->sftp->tree->write(handle->file, (int64_t)offset, bytes, len);
    answer(packet, err);
}

static void do_stat(struct packet *packet)
{
    char path[SFTP_PATH];
    struct sftp_attr attr = {0};
    int err = get_path(packet, path);
    if (!err)
        err = packet->sftp->tree->stat(packet->sftp->tree->arg, path, &attr);
    answer_attr(packet, err, &attr);
}

static void do_stat_file(struct packet *packet)
{
    struct sftp_attr attr = {0};
    struct handle *handle = get_handle(packet);
    int err =
        handle && handle->file ? packet->sftp->tree->stat_file(handle->file, &attr) : SND_E_SYS;
    answer_attr(packet, err, &attr);
}

static void do_nothing(struct packet *packet)
{
    packet->at += packet->left;
    packet->left = 0;
    answer(packet, 0);
}

static void do_refuse(struct packet *packet)
{
    packet->at += packet->left;
    packet->left = 0;
    answer(packet, SND_E_DENIED);
}

static void do_list(struct packet *packet)
{
    char path[SFTP_PATH];
    int err = get_path(packet, path);
    struct handle *handle = free_handle(packet->sftp);
    if (!err && !handle)
        err = SND_E_LIMIT;
    if (!err)
        err = packet->sftp->tree->list(packet->sftp->tree->arg, path, &handle->list);
    if (err) {
        answer(packet, err);
        return;
    }
    handle->used++;
    answer_handle(packet, handle);
}

/* A name, the line that `ls -l` would show, and what it is. */
static void put_entry(struct buf *out, const struct sftp_entry *entry)
{
    char line[SFTP_PATH + 128], when[32] = "";
    time_t time = (time_t)entry->attr.time;
    struct tm tm;
    if (gmtime_r(&time, &tm))
        (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
    (void)str_format(line, sizeof line, "%s 1 sanad sanad %12lld %s %s",
                     entry->attr.folder ? "drwx------" : "-rw-------", (long long)entry->attr.size,
                     when, entry->name);
    put_bytes(out, entry->name, strlen(entry->name));
    put_bytes(out, line, strlen(line));
    put_attr(out, &entry->attr);
}

static void do_next(struct packet *packet)
{
    struct handle *handle = get_handle(packet);
    struct sftp_entry entry;
    struct buf rows = BUF_INIT(SFTP_PACKET);
    uint32_t count = 0;
    if (!handle || !handle->list) {
        answer(packet, SND_E_SYS);
        return;
    }
    while (count < LIST_ROWS && packet->sftp->tree->next(handle->list, &entry)) {
        put_entry(&rows, &entry);
        count++;
    }
    if (count == 0) {
        say(packet, FX_EOF, "The end");
    } else {
        size_t at = begin(packet, FXP_NAME);
        put_u32(packet->out, count);
        buf_put(packet->out, rows.data, rows.len);
        end(packet, at);
    }
    buf_free(&rows);
}

static void do_remove(struct packet *packet)
{
    char path[SFTP_PATH];
    int err = get_path(packet, path);
    answer(packet, err ? err : packet->sftp->tree->remove(packet->sftp->tree->arg, path));
}

static void do_rename(struct packet *packet)
{
    char from[SFTP_PATH], to[SFTP_PATH];
    int err = get_path(packet, from), other = get_path(packet, to);
    if (!err)
        err = other;
    answer(packet, err ? err : packet->sftp->tree->rename(packet->sftp->tree->arg, from, to));
}

/* What a path comes to; here alone it may climb, as far as the root. */
static void do_path(struct packet *packet)
{
    char path[SFTP_PATH];
    size_t len;
    int up;
    const char *text = get_bytes(packet, &len);
    int err = packet->bad ? SND_E_BAD : sftp_path(text, len, path, &up);
    if (err) {
        answer(packet, err);
        return;
    }
    size_t at = begin(packet, FXP_NAME);
    put_u32(packet->out, 1);
    put_bytes(packet->out, path, strlen(path));
    put_bytes(packet->out, path, strlen(path));
    put_u32(packet->out, 0);
    end(packet, at);
}

static const struct {
    uint8_t number;
    void (*act)(struct packet *packet);
} ops[] = {
#define SFTP_OP(number, act) {number, act},
#include "ssh/sftp_ops.def"
#undef SFTP_OP
};

/* ---- the conversation ---- */

static void put_version(struct buf *out)
{
    put_u32(out, 5);
    buf_putc(out, FXP_VERSION);
    put_u32(out, SFTP_VERSION);
}

/* One whole packet, without its length. */
static int take(struct sftp *sftp, const uint8_t *bytes, size_t len, struct buf *out)
{
    struct packet packet = {.sftp = sftp, .at = bytes + 1, .left = len - 1, .out = out};
    if (!sftp->begun) {
        if (bytes[0] != FXP_INIT || len < 5)
            return SND_E_BAD;
        sftp->begun = 1;
        put_version(out);
        return 0;
    }
    packet.id = get_u32(&packet);
    if (packet.bad)
        return SND_E_BAD;
    for (size_t i = 0; i < SND_COUNT(ops); i++)
        if (ops[i].number == bytes[0]) {
            size_t before = out->len;
            ops[i].act(&packet);
            if (packet.bad) { /* whatever was said of it, it was cut */
                out->len = before;
                say(&packet, FX_BAD_MESSAGE, "That was cut");
            }
            return 0;
        }
    say(&packet, FX_UNSUPPORTED, "That is not done here");
    return 0;
}

int sftp_feed(struct sftp *sftp, const void *bytes, size_t len, struct buf *out)
{
    size_t at = 0;
    buf_put(&sftp->in, bytes, len);
    if (sftp->in.failed)
        return SND_E_BAD;
    for (;;) {
        const uint8_t *head = sftp->in.data + at;
        size_t left = sftp->in.len - at;
        if (left < 4)
            break;
        size_t want =
            (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        if (want < 1 || want > SFTP_PACKET)
            return SND_E_BAD;
        if (left - 4 < want)
            break;
        int err = take(sftp, head + 4, want, out);
        if (err || out->failed)
            return SND_E_BAD;
        at += 4 + want;
    }
    buf_drop(&sftp->in, at);
    return 0;
}

struct sftp *sftp_new(const struct sftp_tree *tree)
{
    struct sftp *sftp = x_alloc(sizeof *sftp);
    sftp->tree = tree;
    sftp->in = BUF_INIT(2 * SFTP_PACKET);
    return sftp;
}

void sftp_free(struct sftp **sftp)
{
    if (!*sftp)
        return;
    for (size_t i = 0; i < SFTP_HANDLES; i++) {
        struct handle *handle = &(*sftp)->handle[i];
        if (handle->file)
            (void)(*sftp)->tree->close(handle->file, 0);
        if (handle->list)
            (*sftp)->tree->close_list(handle->list);
    }
    buf_free(&(*sftp)->in);
    x_free(sftp);
}
