/* SPDX-License-Identifier: Apache-2.0
 * Door and desk speak in one kind of frame that carries every field. These messages are few (a
 * login, a resize), so there is nothing to save by giving each its own shape, and one decoder is
 * easier to get right. Passwords pass through here: both buffers are wiped. */
#include "base/ctl.h"
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

/* Every field at its longest, with its length and the frame's. */
#define CTL_FRAME (sizeof(struct ctl) + 64)

int ctl_send(int socket, const struct ctl *message)
{
    struct buf frame = BUF_INIT(CTL_FRAME);
    wire_begin(&frame);
    wire_put_u8(&frame, (uint8_t)message->type);
    wire_put_i64(&frame, message->status);
    wire_put_u32(&frame, message->rows);
    wire_put_u32(&frame, message->cols);
    wire_put_u32(&frame, message->rtt_ms);
    wire_put_u32(&frame, message->mono);
    wire_put_text(&frame, message->user);
    wire_put_text(&frame, message->term);
    wire_put_text(&frame, message->lang);
    wire_put_text(&frame, message->peer);
    wire_put_text(&frame, message->banner);
    wire_put_text(&frame, message->text);
    int err = wire_end(&frame);
    if (!err)
        err = wire_send(socket, &frame);
    buf_free(&frame);
    return err;
}

static int decode(const uint8_t *frame, size_t len, struct ctl *out)
{
    struct wire in;
    if (wire_open(&in, frame, len))
        return SND_E_BAD;
    uint8_t type = wire_u8(&in);
    int64_t status = wire_i64(&in);
    out->rows = wire_u32(&in);
    out->cols = wire_u32(&in);
    out->rtt_ms = wire_u32(&in);
    out->mono = wire_u32(&in);
    wire_text(&in, out->user, sizeof out->user);
    wire_text(&in, out->term, sizeof out->term);
    wire_text(&in, out->lang, sizeof out->lang);
    wire_text(&in, out->peer, sizeof out->peer);
    wire_text(&in, out->banner, sizeof out->banner);
    wire_text(&in, out->text, sizeof out->text);
    if (wire_done(&in) || type < CTL_PASSWORD_TRY || type > CTL_EXIT || status < -1000 ||
        status > 1000)
        return SND_E_BAD;
    out->type = (enum ctl_type)type;
    out->status = (int)status;
    return 0;
}

int ctl_recv(int socket, struct ctl *message)
{
    uint8_t frame[CTL_FRAME];
    mem_wipe(message, sizeof *message);
    int got = wire_recv(socket, frame, sizeof frame);
    if (got <= 0)
        return got == SND_E_LOST ? 0 : got;
    int err = decode(frame, (size_t)got, message);
    mem_wipe(frame, (size_t)got);
    if (err)
        mem_wipe(message, sizeof *message);
    return err ? err : 1;
}

int ctl_name_ok(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strnlen(name, CTL_NAME);
    return len > 0 && len < CTL_NAME && strspn(name, letters) == len;
}
