/* SPDX-License-Identifier: Apache-2.0
 * A hub's answer is opened as it is read: neither its head nor its run is believed to be as long as
 * it says, and one that makes far more of itself than was agreed is given up while it grows. */
#include "sync/answer_priv.h"
#include "base/err.h"
#include "sync/message_priv.h"
#include "sync/squeeze_priv.h"

enum trouble answer_judge(const struct carried *carried)
{
    static const struct {
        int status;
        enum trouble trouble;
    } known[] = {{200, TROUBLE_NONE},    {400, TROUBLE_DAMAGED}, {401, TROUBLE_REFUSED},
                 {403, TROUBLE_REFUSED}, {413, TROUBLE_DAMAGED}, {426, TROUBLE_VERSION},
                 {429, TROUBLE_BUSY}};
    if (carried->trouble)
        return carried->trouble;
    for (size_t i = 0; i < SND_COUNT(known); i++)
        if (known[i].status == carried->status)
            return known[i].trouble;
    return carried->status >= 500 ? TROUBLE_BUSY : TROUBLE_ODD;
}

struct opening {
    answer_head *read;
    void *head;
    struct buf *run;
    int heads;
};

static int on_head(void *arg, const void *bytes, size_t len)
{
    struct opening *opening = arg;
    opening->heads = 1;
    return opening->read(bytes, len, opening->head);
}

static int on_run(void *arg, const void *bytes, size_t len)
{
    struct opening *opening = arg;
    buf_put(opening->run, bytes, len);
    return opening->run->failed ? SND_E_LIMIT : 0;
}

enum trouble answer_open(const struct buf *answer, size_t most, answer_head *read, void *head,
                         struct buf *run)
{
    struct opening opening = {.read = read, .head = head, .run = run};
    struct message_reader reader = {.on_head = on_head, .on_run = on_run, .arg = &opening};
    message_reader_begin(&reader);
    struct unsqueeze *unsqueeze = unsqueeze_new(most, message_reader_put, &reader);
    int err = unsqueeze_put(unsqueeze, answer->data, answer->len);
    if (!err)
        err = unsqueeze_end(unsqueeze);
    unsqueeze_free(&unsqueeze);
    message_reader_end(&reader);
    if (err == SND_E_VERSION)
        return TROUBLE_VERSION;
    return err || !opening.heads ? TROUBLE_ODD : TROUBLE_NONE;
}
