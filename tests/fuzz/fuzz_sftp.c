/* SPDX-License-Identifier: Apache-2.0
 * What a client may send in the place of SFTP. The first byte says how the bytes are cut into
 * pieces, and with its lowest bit that they are packets: a byte of length and so many bytes each,
 * to which the four of a real length are put, and in which eight times H is the handle that was
 * given last. Without it they go as they are. Whatever comes: the tree behind is handed no path
 * that climbs and no file that it has not opened or has closed, nothing stays open, and each answer
 * is a packet. */
#include <stdint.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "ssh/sftp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OPEN_MOST (SFTP_HANDLES + 1)
#define MARK "HHHHHHHH"

/* What the tree has open. */
struct open_one {
    int list;
    int left; /* entries of a list that are still to come */
};
static struct open_one *opened[OPEN_MOST];
static int entries;

static void look(const char *path)
{
    size_t len = strlen(path);
    snd_assert(path[0] == '/' && len < SFTP_PATH && !strstr(path, "//") && !strstr(path, "/./") &&
               !strstr(path, "/../") && (len == 1 || path[len - 1] != '/'));
    snd_assert(len < 3 || strcmp(path + len - 3, "/..") != 0);
    snd_assert(len < 2 || strcmp(path + len - 2, "/.") != 0);
}

static struct open_one *open_new(int list)
{
    struct open_one *one = x_alloc(sizeof *one);
    size_t at = 0;
    one->list = list;
    one->left = entries;
    while (at < OPEN_MOST && opened[at])
        at++;
    snd_assert(at < OPEN_MOST);
    opened[at] = one;
    return one;
}

static size_t place_of(const struct open_one *one, int list)
{
    size_t at = 0;
    while (at < OPEN_MOST && opened[at] != one)
        at++;
    snd_assert(at < OPEN_MOST && one->list == list);
    return at;
}

static void shut(struct open_one *one, int list)
{
    opened[place_of(one, list)] = NULL;
    x_free(&one);
}

static int tree_stat(void *arg SND_UNUSED, const char *path, struct sftp_attr *out)
{
    look(path);
    *out = (struct sftp_attr){.has_size = path[1] == 'i', .size = (int64_t)strlen(path)};
    return path[1] == 'n' ? SND_E_NOTFOUND : 0;
}

static int tree_open(void *arg SND_UNUSED, const char *path, unsigned how, void **file)
{
    look(path);
    if (how == 0 || path[1] == 'n')
        return SND_E_DENIED;
    *file = open_new(0);
    return 0;
}

static int tree_read(void *file, int64_t offset, size_t max, struct buf *out)
{
    static const char bytes[64];
    (void)place_of(file, 0);
    snd_assert(max <= SFTP_READ && offset >= 0);
    for (size_t at = 0; offset < 100000 && at < max; at += sizeof bytes)
        buf_put(out, bytes, max - at < sizeof bytes ? max - at : sizeof bytes);
    return 0;
}

static int tree_write(void *file, int64_t offset, const void *bytes, size_t len)
{
    uint32_t sum = 0;
    (void)place_of(file, 0);
    snd_assert(offset >= 0);
    for (size_t i = 0; i < len; i++) /* all of it may be read */
        sum += ((const uint8_t *)bytes)[i];
    return sum % 7 == 1 ? SND_E_FULL : 0;
}

static int tree_stat_file(void *file, struct sftp_attr *out)
{
    (void)place_of(file, 0);
    *out = (struct sftp_attr){0};
    return 0;
}

static int tree_close(void *file, int whole SND_UNUSED)
{
    shut(file, 0);
    return 0;
}

static int tree_list(void *arg SND_UNUSED, const char *path, void **list)
{
    look(path);
    *list = open_new(1);
    return 0;
}

static int tree_next(void *list, struct sftp_entry *out)
{
    struct open_one *one = opened[place_of(list, 1)];
    *out = (struct sftp_entry){.name = "بطاقة سالم.pdf"};
    out->attr.has_size = 1;
    return one->left-- > 0;
}

static void tree_close_list(void *list)
{
    shut(list, 1);
}

static int tree_remove(void *arg SND_UNUSED, const char *path)
{
    look(path);
    return 0;
}

static int tree_rename(void *arg SND_UNUSED, const char *from, const char *to)
{
    look(from);
    look(to);
    return 0;
}

static const struct sftp_tree tree = {.stat = tree_stat,
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

static uint32_t number_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Whole packets of the kinds that a server sends; keeps the last handle. */
static void judge(const struct buf *out, uint8_t handle[8])
{
    snd_assert(!out->failed);
    for (size_t at = 0; at < out->len;) {
        const uint8_t *packet = out->data + at;
        snd_assert(out->len - at >= 5);
        size_t len = number_at(packet);
        snd_assert(len >= 1 && len <= SFTP_PACKET && len <= out->len - at - 4);
        snd_assert(packet[4] == 2 || (packet[4] >= 101 && packet[4] <= 105));
        if (packet[4] == 102 && len == 17 && number_at(packet + 9) == 8)
            memcpy(handle, packet + 13, 8);
        at += 4 + len;
    }
}

/* In pieces of so many bytes. 1 = the conversation is over. */
static int feed(struct sftp *sftp, const uint8_t *bytes, size_t len, size_t step, uint8_t handle[8])
{
    struct buf out = BUF_INIT(64 * 1024 * 1024);
    int err = 0;
    for (size_t at = 0; at < len && !err; at += step)
        err = sftp_feed(sftp, bytes + at, len - at < step ? len - at : step, &out);
    snd_assert(err == 0 || err == SND_E_BAD);
    judge(&out, handle);
    buf_free(&out);
    return err != 0;
}

static int packet(struct sftp *sftp, const uint8_t *bytes, size_t len, size_t step,
                  uint8_t handle[8])
{
    uint8_t whole[4 + 255] = {0, 0, 0, (uint8_t)len};
    memcpy(whole + 4, bytes, len);
    for (size_t at = 4; at + 8 <= 4 + len; at++)
        if (memcmp(whole + at, MARK, 8) == 0)
            memcpy(whole + at, handle, 8);
    return feed(sftp, whole, 4 + len, step, handle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t handle[8] = {0};
    if (size < 1)
        return 0;
    struct sftp *sftp = sftp_new(&tree);
    size_t step = 1 + (data[0] >> 3) * 41u;
    int over = 0;
    entries = data[0] & 4 ? 300 : 2;
    if (data[0] & 2)
        over = feed(sftp, (const uint8_t *)"\0\0\0\5\1\0\0\0\3", 9, 9, handle);
    if (!(data[0] & 1))
        over = over || feed(sftp, data + 1, size - 1, step, handle);
    for (size_t at = 1; data[0] & 1 && at < size && !over;) {
        size_t len = data[at] < size - at - 1 ? data[at] : size - at - 1;
        over = packet(sftp, data + at + 1, len, step, handle);
        at += 1 + len;
    }
    sftp_free(&sftp);
    for (size_t i = 0; i < OPEN_MOST; i++)
        snd_assert(!opened[i]);
    return 0;
}
