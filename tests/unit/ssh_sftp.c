/* SPDX-License-Identifier: Apache-2.0
 * The file transfer protocol against a client that means no good: 10 000 paths, handles that were
 * closed, packets cut at every byte, lengths without measure. The tree behind it notes what it was
 * asked for. */
#include "ssh/sftp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"
#include "tests/tap.h"

#define PATHS 10000

static int asked, escaped, open_files, open_lists;
static char seen[SFTP_PATH];

/* What a tree must never be handed. */
static void look(const char *path)
{
    asked++;
    (void)str_copy(seen, sizeof seen, path);
    size_t len = strlen(path);
    if (path[0] != '/' || len >= SFTP_PATH || strstr(path, "//") || strstr(path, "/./") ||
        strstr(path, "/../") || (len > 1 && path[len - 1] == '/') ||
        (len >= 3 && strcmp(path + len - 3, "/..") == 0) ||
        (len >= 2 && strcmp(path + len - 2, "/.") == 0))
        escaped++;
}

static int tree_stat(void *arg, const char *path, struct sftp_attr *out)
{
    (void)arg;
    look(path);
    *out = (struct sftp_attr){.has_size = 1, .size = 7};
    return 0;
}

static int tree_open(void *arg, const char *path, unsigned how, void **file)
{
    (void)how;
    look(path);
    open_files++;
    *file = arg;
    return 0;
}

static int tree_read(void *file, int64_t offset, size_t max, struct buf *out)
{
    (void)file;
    char byte = 'x';
    for (size_t i = 0; offset == 0 && i < max; i++)
        buf_put(out, &byte, 1);
    return max > SFTP_READ ? SND_E_LIMIT : 0;
}

static int tree_write(void *file, int64_t offset, const void *bytes, size_t len)
{
    (void)file, (void)offset;
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++) /* all of it may be read */
        sum += ((const uint8_t *)bytes)[i];
    return sum == UINT32_MAX ? SND_E_IO : 0;
}

static int tree_stat_file(void *file, struct sftp_attr *out)
{
    (void)file;
    *out = (struct sftp_attr){0};
    return 0;
}

static int tree_close(void *file, int whole)
{
    (void)file, (void)whole;
    open_files--;
    return 0;
}

static int tree_list(void *arg, const char *path, void **list)
{
    look(path);
    open_lists++;
    *list = arg;
    return 0;
}

static int tree_next(void *list, struct sftp_entry *out)
{
    (void)list, (void)out;
    return 0;
}

static void tree_close_list(void *list)
{
    (void)list;
    open_lists--;
}

static int tree_remove(void *arg, const char *path)
{
    (void)arg;
    look(path);
    return 0;
}

static int tree_rename(void *arg, const char *from, const char *to)
{
    (void)arg;
    look(from);
    look(to);
    return 0;
}

static const struct sftp_tree tree = {.arg = &asked,
                                      .stat = tree_stat,
                                      .open = tree_open,
                                      .read = tree_read,
                                      .write = tree_write,
                                      .stat_file = tree_stat_file,
                                      .close = tree_close,
                                      .list = tree_list,
                                      .next = tree_next,
                                      .close_list = tree_close_list,
                                      .remove = tree_remove,
                                      .rename = tree_rename};

/* ---- the client ---- */

static void put_u32(struct buf *out, uint32_t number)
{
    for (int i = 24; i >= 0; i -= 8)
        buf_putc(out, (char)(number >> i));
}

static void put_text(struct buf *out, const void *text, size_t len)
{
    put_u32(out, (uint32_t)len);
    buf_put(out, text, len);
}

static void begin(struct buf *out, int type)
{
    buf_clear(out);
    put_u32(out, 0);
    buf_putc(out, (char)type);
    put_u32(out, 9);
}

/* Sends what was put and gives the answer's type, its status when it is one (100 + status). */
static int ask(struct sftp *sftp, struct buf *packet, struct buf *answer)
{
    uint32_t len = (uint32_t)packet->len - 4;
    for (int i = 0; i < 4; i++)
        packet->data[i] = (uint8_t)(len >> (24 - 8 * i));
    buf_clear(answer);
    if (sftp_feed(sftp, packet->data, packet->len, answer))
        return -1;
    if (answer->len < 9)
        return 0;
    return answer->data[4] == 101 ? 1000 + answer->data[12] : answer->data[4];
}

static struct sftp *start(struct buf *answer)
{
    struct sftp *sftp = sftp_new(&tree);
    buf_clear(answer);
    if (sftp_feed(sftp, "\0\0\0\5\1\0\0\0\3", 9, answer))
        tap_note("no conversation");
    return sftp;
}

/* A path put together of what climbs, hides, ends early and goes on too long. */
static size_t hostile(char *out, size_t size)
{
    static const struct {
        const char *text;
        size_t len;
    } parts[] = {{"..", 2},
                 {"../", 3},
                 {"/", 1},
                 {"//", 2},
                 {".", 1},
                 {"./", 2},
                 {"inbox", 5},
                 {"outbox/", 7},
                 {"etc/passwd", 10},
                 {"\0", 1},
                 {"\300\256\300\256/", 5},
                 {"\357\274\217", 3},
                 {"~root", 5},
                 {"\\..\\", 4},
                 {"%2e%2e/", 7},
                 {"..\0/", 4},
                 {"a", 1},
                 {"\342\200\256", 3},
                 {"...", 3}};
    size_t len = 0, count = 1 + random_below(30);
    for (size_t i = 0; i < count && len + 16 < size; i++) {
        size_t which = random_below((uint32_t)SND_COUNT(parts));
        memcpy(out + len, parts[which].text, parts[which].len);
        len += parts[which].len;
    }
    if (random_below(50) == 0)
        while (len + 1 < size)
            out[len++] = 'n';
    return len;
}

static void paths(struct sftp *sftp, struct buf *packet, struct buf *answer)
{
    static const int types[] = {3, 7, 11, 13, 17, 18, 16, 14, 15, 19, 20};
    static char path[4097];
    int answered = 0;
    for (int i = 0; i < PATHS; i++) {
        int type = types[random_below((uint32_t)SND_COUNT(types))];
        size_t len = hostile(path, sizeof path);
        begin(packet, type);
        put_text(packet, path, len);
        if (type == 18 || type == 20)
            put_text(packet, path, len);
        if (type == 3) {
            put_u32(packet, 1);
            put_u32(packet, 0);
        }
        int got = ask(sftp, packet, answer);
        answered += got > 0;
        if (got == 102) { /* a handle: given back, so that there are always some */
            uint8_t handle[8];
            memcpy(handle, answer->data + 13, 8);
            begin(packet, 4);
            put_text(packet, handle, 8);
            answered += ask(sftp, packet, answer) != 1000;
        }
    }
    tap_is_int(answered, PATHS, "10 000 hostile paths are each answered");
    tap_is_int(escaped, 0, "and none escapes");
    tap_ok(asked > 100, "while plain ones arrive");
    tap_ok(open_files == 0 && open_lists == 0, "every handle is given back");
}

static int path_is(const char *text, size_t len, const char *want)
{
    char out[SFTP_PATH];
    int up;
    return sftp_path(text, len, out, &up) == 0 && strcmp(out, want) == 0;
}

static void handles(struct sftp *sftp, struct buf *packet, struct buf *answer)
{
    uint8_t first[8] = {0};
    int opened = 0, got = 0;
    for (int i = 0; i < SFTP_HANDLES + 1; i++) {
        begin(packet, 3);
        put_text(packet, "/inbox/a", 8);
        put_u32(packet, 1);
        put_u32(packet, 0);
        got = ask(sftp, packet, answer);
        opened += got == 102;
        if (i == 0)
            memcpy(first, answer->data + 13, 8);
    }
    tap_ok(opened == SFTP_HANDLES && got == 1004, "256 handles, and then no more");
    begin(packet, 4);
    put_text(packet, first, 8);
    tap_is_int(ask(sftp, packet, answer), 1000, "one is closed");
    begin(packet, 3);
    put_text(packet, "/inbox/b", 8);
    put_u32(packet, 1);
    put_u32(packet, 0);
    tap_is_int(ask(sftp, packet, answer), 102, "and its place taken by another");
    begin(packet, 5);
    put_text(packet, first, 8);
    put_u32(packet, 0);
    put_u32(packet, 0);
    put_u32(packet, 10);
    tap_is_int(ask(sftp, packet, answer), 1004, "which the closed one doesn't reach");
    uint8_t now[8];
    memcpy(now, first, 8);
    now[7]++;
    begin(packet, 5);
    put_text(packet, now, 8);
    put_u32(packet, 0);
    put_u32(packet, 0);
    put_u32(packet, UINT32_MAX);
    tap_ok(ask(sftp, packet, answer) != 101 && answer->len <= SFTP_READ + 64,
           "a read of four gigabytes gets a bounded piece");
    begin(packet, 5);
    put_text(packet, "\377\377\377\377\0\0\0\1", 8);
    tap_is_int(ask(sftp, packet, answer), 1005, "a handle that never was, in a packet that is cut");
}

static void lengths(struct buf *packet, struct buf *answer)
{
    int good = 1;
    for (int type = 0; type < 256; type++)
        for (size_t cut = 0; cut < 40; cut++) {
            struct sftp *sftp = start(answer);
            begin(packet, type);
            put_text(packet, "/inbox/scan.pdf", 15);
            put_u32(packet, 26);
            put_u32(packet, 0);
            packet->len = cut + 9 < packet->len ? cut + 9 : packet->len;
            int got = ask(sftp, packet, answer);
            good &= got > 0;
            sftp_free(&sftp);
        }
    tap_ok(good && escaped == 0, "packets of every kind cut at every byte are answered");
    static const char *const floods[] = {"\377\377\377\377\3", "\0\0\0\0", "\0\2\0\0\3"};
    for (size_t i = 0; i < SND_COUNT(floods); i++) {
        struct sftp *sftp = start(answer);
        good &= sftp_feed(sftp, floods[i], 5, answer) == SND_E_BAD;
        sftp_free(&sftp);
    }
    tap_ok(good, "a packet without measure ends the conversation");
    struct sftp *sftp = sftp_new(&tree);
    tap_is_int(sftp_feed(sftp, "\0\0\0\5\3\0\0\0\3", 9, answer), SND_E_BAD,
               "so does whoever does not begin with a version");
    sftp_free(&sftp);
}

int main(void)
{
    struct buf packet = BUF_INIT(1 << 16), answer = BUF_INIT(1 << 20);
    tap_ok(path_is("", 0, "/") && path_is("a//b/./c/", 9, "/a/b/c") &&
               path_is("/../../a/..", 11, "/") && path_is("inbox/../outbox", 15, "/outbox"),
           "paths are cleaned");
    struct sftp *sftp = start(&answer);
    paths(sftp, &packet, &answer);
    handles(sftp, &packet, &answer);
    sftp_free(&sftp);
    tap_ok(open_files == 0 && open_lists == 0, "what was left open is closed at the end");
    lengths(&packet, &answer);
    buf_free(&packet);
    buf_free(&answer);
    return tap_done();
}
