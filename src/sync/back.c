/* SPDX-License-Identifier: Apache-2.0
 * Getting back what a lost centre had, as it asks for it. The answers to GET /v1/stream are opened
 * as a stream and bounded; what is in them the book judges. A request that is cut is asked again
 * for half as much. */
#include "sync/back.h"
#include <string.h>
#include <curl/curl.h>
#include "base/err.h"
#include "base/mem.h"
#include "sync/answer_priv.h"
#include "sync/message_priv.h"
#include "sync/pace_priv.h"
#include "sync/papers_priv.h"

#define ANSWER_MOST (PACE_MOST + MESSAGE_HEAD_MAX)
#define PATH 192

static const volatile int never; /* whoever runs this ends it by a signal */

struct back {
    struct centre_args args;
    struct carrier *carrier;
    struct pace pace;
    struct papers papers;
    enum trouble trouble;
    int64_t pause;
};

int back_open(const struct back_args *args, struct back **out)
{
    struct back *back = x_alloc(sizeof *back);
    back->args = (struct centre_args){
        .url = args->url, .own = args->own, .authority = args->authority, .ready = -1};
    pace_begin(&back->pace);
    papers_begin(&back->papers);
    *out = back;
    return curl_global_init(CURL_GLOBAL_DEFAULT)
               ? SND_E_SYS
               : carrier_open(&back->args, &never, &back->carrier);
}

void back_close(struct back **back)
{
    if (!*back)
        return;
    carrier_close(&(*back)->carrier);
    x_free(back);
}

const char *back_why(const struct back *back)
{
    return trouble_help(back->trouble);
}

int64_t back_pause(const struct back *back)
{
    return back->pause;
}

/* What came of a request, and how long to wait if it is to be asked again. */
static enum back_came came(struct back *back, enum trouble trouble, int64_t asked)
{
    back->trouble = trouble;
    if (!trouble) {
        pace_worked(&back->pace);
        return BACK_CAME;
    }
    back->pause = pace_told(pace_failed(&back->pace, asked), carrier_again_s(back->carrier));
    return trouble == TROUBLE_REFUSED || trouble == TROUBLE_VERSION || trouble == TROUBLE_BOOK
               ? BACK_NEVER
               : BACK_AGAIN;
}

/* ---- events ---- */

static int read_head(const void *bytes, size_t len, void *head)
{
    return message_get_back(bytes, len, head);
}

static enum trouble open_answer(const struct carried *carried, const struct buf *answer,
                                struct message_back *head, struct buf *run)
{
    if (!carried->trouble && carried->status == 404)
        return TROUBLE_VERSION; /* a hub from before centres could get anything back */
    enum trouble trouble = answer_judge(carried);
    return trouble ? trouble : answer_open(answer, ANSWER_MOST, read_head, head, run);
}

static void keep_piece(const struct message_back *head, struct back_piece *out)
{
    *out = (struct back_piece){
        .epoch = head->epoch, .first = head->first, .last = head->last, .more = head->more};
    memcpy(out->before, head->before, HASH_SIZE);
    memcpy(out->hash, head->head, HASH_SIZE);
}

enum back_came back_events(struct back *back, const struct book_place *after, int64_t skip,
                           struct buf *run, struct back_piece *out)
{
    struct buf answer = BUF_INIT(ANSWER_MOST);
    struct message_back head = {0};
    struct carried carried;
    char path[PATH];
    size_t before = run->len;
    int64_t room = back->pace.batch;
    (void)str_format(path, sizeof path, "/v1/stream?epoch=%lld&seq=%lld&skip=%lld&room=%lld",
                     (long long)after->epoch, (long long)after->seq, (long long)skip,
                     (long long)room);
    carrier_send(back->carrier, "GET", path, NULL, NULL, &answer, &carried);
    enum trouble trouble = open_answer(&carried, &answer, &head, run);
    buf_free(&answer);
    if (trouble)
        run->len = before;
    enum back_came how = came(back, trouble, room);
    if (how == BACK_CAME) {
        keep_piece(&head, out);
        if ((int64_t)(run->len - before) * 4 > room * 3)
            pace_full(&back->pace);
    }
    return how;
}

/* ---- documents ---- */

enum back_came back_document(struct back *back, struct book *book, int *did)
{
    return came(back, papers_step(&back->papers, book, back->carrier, did), 0);
}
