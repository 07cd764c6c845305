/* SPDX-License-Identifier: Apache-2.0
 * Follows the script: a table of words, each says whether it is done, waits, or ended the session.
 */
#include <string.h>
#include "tests/bench/load.h"

enum outcome { DONE, WAITING };

static double key_gap(void)
{
    return 1.0 / load.options.keys_a_second * (1 + load.options.jitter * (2 * load_random() - 1));
}

static const struct step *step_of(const struct session *session)
{
    return &load.script.step[session->at];
}

static enum outcome wait_until(struct session *session, double limit, double now,
                               const char *closed, const char *late)
{
    if (closed && session->closed)
        session_over(session, closed);
    else if (now > limit)
        session_over(session, late);
    session->due = limit;
    return WAITING;
}

static enum outcome play_wait(struct session *session, double now)
{
    uint32_t pattern[LOAD_TYPED];
    char *text = script_fill(step_of(session)->text, true, session->number, session->form);
    int len = fold_string(text, pattern, LOAD_TYPED);
    x_free(&text);
    bool there = session_count(session, pattern, len) > 0;
    if (there == (step_of(session)->word == WORD_WAIT))
        return DONE;
    return wait_until(session, session->step_begun + load.options.timeout, now,
                      "closed while waiting for text", "timed out waiting for text");
}

/* The last characters typed up to number k, folded. */
static int suffix(const struct session *session, int k, uint32_t pattern[LOAD_SUFFIX * 2])
{
    int n = 0;
    uint32_t folded[2];
    for (int j = k + 1 > LOAD_SUFFIX ? k + 1 - LOAD_SUFFIX : 0; j <= k; j++) {
        int count = fold_point(session->typed[j], folded);
        for (int i = 0; i < count; i++)
            pattern[n++] = folded[i];
    }
    return n;
}

static void begin_typing(struct session *session, double now)
{
    uint32_t pattern[LOAD_SUFFIX * 2];
    session->text = script_fill(step_of(session)->text, true, session->number, session->form);
    session->typed_count = fold_decode(session->text, session->typed, LOAD_TYPED);
    session->typed_next = 0;
    for (int k = 0; k < session->typed_count; k++) {
        int len = suffix(session, k, pattern);
        session->before[k] = len ? session_count(session, pattern, len) : 0;
    }
    session->due = now + key_gap();
}

static enum outcome play_type(struct session *session, double now)
{
    uint32_t pattern[LOAD_SUFFIX * 2];
    char bytes[5];
    if (!session->text)
        begin_typing(session, now);
    if (now + 1e-4 < session->due)
        return WAITING;
    if (session->typed_next < session->typed_count) {
        int k = session->typed_next++;
        if (session->typed[k] != ' ' &&
            !load.options.lines) /* an empty cell looks the same: not sampled */
            session_expect(session, pattern, suffix(session, k, pattern), session->before[k]);
        if (k > 0 && session->typed[k] != ' ' && session->typed[k - 1] != ' ')
            samples_add(&load.answer, (double)(session->screen_bytes - session->bytes_at_key));
        session->bytes_at_key = session->screen_bytes;
        session->keys++;
        load.keys++;
        session_type(session, bytes, (size_t)fold_encode(session->typed[k], bytes));
        session->due = now + key_gap();
        if (session->typed_next < session->typed_count)
            return WAITING;
    }
    x_free(&session->text);
    return DONE;
}

static enum outcome play_key(struct session *session, double now)
{
    if (session->due == 0)
        session->due = now + key_gap();
    if (now + 1e-4 < session->due)
        return WAITING;
    session_expect(session, NULL, 0, 0);
    session_press(session, step_of(session)->text);
    return DONE;
}

static void drop_first(struct session *session)
{
    session->queue_head = (session->queue_head + 1) % LOAD_PENDING;
    session->queued--;
}

/* Several navigation keys that one repaint answered. */
static void settle_merged(struct session *session)
{
    for (; session->queued > 0; drop_first(session)) {
        double at = session->queue[session->queue_head].at;
        if (session->changed_at > at)
            samples_add(&load.navigation, (session->changed_at - at) * 1e3);
        else
            load.merged++;
    }
}

static void settle_lost(struct session *session)
{
    static int told;
    load.lost += (uint64_t)session->queued;
    session->queued = 0;
    if (told++ < 3) {
        fprintf(stderr, "sshload: echo not seen (session %d, %s:%d)\n", session->number,
                step_of(session)->file, step_of(session)->line);
        session_dump(session, stderr);
    }
}

static enum outcome play_settle(struct session *session, double now)
{
    double last = 0, limit = session->step_begun + fmin(load.options.timeout, 30);
    bool navigation = true;
    if (!load.options.careful || session->queued == 0)
        return DONE;
    if (session->closed) {
        session->queued = 0;
        return DONE;
    }
    for (int i = 0; i < session->queued; i++) {
        const struct pending *pending = &session->queue[(session->queue_head + i) % LOAD_PENDING];
        navigation = navigation && pending->navigation;
        last = fmax(last, pending->at);
    }
    double quiet = fmax(session->changed_at, last) + LOAD_QUIET;
    if (navigation && now >= quiet) {
        settle_merged(session);
        return DONE;
    }
    if (now > limit) {
        settle_lost(session);
        return DONE;
    }
    session->due = navigation && quiet < limit ? quiet : limit;
    return WAITING;
}

static enum outcome play_first(struct session *session, double now)
{
    samples_add(&load.first, (now - session->begun) * 1e3);
    samples_add(&load.paint, (double)session->screen_bytes);
    return DONE;
}

static enum outcome play_begin(struct session *session, double now)
{
    (void)now;
    if (session->opened == (int)SND_COUNT(session->open))
        load_die("spans too deep");
    session->open[session->opened].span = span_find(step_of(session)->text);
    session->open[session->opened++].from = session_counts(session);
    return DONE;
}

static enum outcome play_end(struct session *session, double now)
{
    (void)now;
    int span = span_find(step_of(session)->text), k = session->opened - 1;
    while (k >= 0 && session->open[k].span != span)
        k--;
    if (k < 0)
        load_die("%s:%d: end without begin", step_of(session)->file, step_of(session)->line);
    struct counts to = session_counts(session);
    span_add(span, &session->open[k].from, &to);
    memmove(&session->open[k], &session->open[k + 1],
            (size_t)(session->opened - k - 1) * sizeof session->open[0]);
    session->opened--;
    return DONE;
}

static enum outcome play_sample(struct session *session, double now)
{
    (void)now;
    session->parked = !session->released;
    session->due = 0;
    if (!session->released)
        return WAITING;
    session->released = false;
    return DONE;
}

static enum outcome play_pause(struct session *session, double now)
{
    const struct step *step = step_of(session);
    double factor = step->word == WORD_THINK ? load.options.think * (0.5 + load_random()) : 1;
    if (session->due == 0)
        session->due = now + step->number / 1e3 * factor;
    return now + 1e-4 < session->due ? WAITING : DONE;
}

static enum outcome play_loop(struct session *session, double now)
{
    (void)now;
    session->loop_at = session->at;
    session->form = 0;
    return DONE;
}

static enum outcome play_endloop(struct session *session, double now)
{
    (void)now;
    if (++session->form < load.options.forms)
        session->at = session->loop_at;
    return DONE;
}

static enum outcome play_eof(struct session *session, double now)
{
    if (session->closed)
        return DONE;
    return wait_until(session, session->step_begun + load.options.timeout, now, NULL,
                      "timed out waiting for the end");
}

static enum outcome play_screen(struct session *session, double now)
{
    (void)now;
    if (load.options.verbose)
        session_dump(session, stderr);
    return DONE;
}

static enum outcome play_form(struct session *session, double now)
{
    (void)session;
    (void)now;
    load.forms++;
    return DONE;
}

static enum outcome (*const plays[WORD_COUNT])(struct session *, double) = {
    [WORD_WAIT] = play_wait,       [WORD_GONE] = play_wait,     [WORD_TYPE] = play_type,
    [WORD_KEY] = play_key,         [WORD_SETTLE] = play_settle, [WORD_FIRST] = play_first,
    [WORD_BEGIN] = play_begin,     [WORD_END] = play_end,       [WORD_SAMPLE] = play_sample,
    [WORD_PAUSE] = play_pause,     [WORD_THINK] = play_pause,   [WORD_LOOP] = play_loop,
    [WORD_ENDLOOP] = play_endloop, [WORD_EOF] = play_eof,       [WORD_SCREEN] = play_screen,
    [WORD_FORM] = play_form,
};

void session_play(struct session *session)
{
    while (session->stage == STAGE_PLAY) {
        double now = load_now();
        if (session->at >= load.script.steps) {
            session_over(session, NULL);
            return;
        }
        if (!session->entered) {
            session->entered = true;
            session->step_begun = now;
            session->due = 0;
            session->parked = false;
        }
        if (plays[step_of(session)->word](session, now) == WAITING) {
            if (session->due > 0)
                load.soonest = fmin(load.soonest, session->due);
            return;
        }
        session->at++;
        session->entered = false;
        session->due = 0;
    }
}
