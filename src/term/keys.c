/* SPDX-License-Identifier: Apache-2.0 */
/* Turns what a terminal sends into keys, one pass over the bytes.
 *
 * An Esc has three meanings that only timing tells apart: the key, a prefix, the start of a
 * sequence. We don't guess with a timer: a terminal writes a sequence at once and SSH carries it in
 * one message, so an Esc with nothing behind it in its message is the key. For those who press Esc
 * and then a digit (the way to F-keys that a terminal steals) the decoder remembers such an Esc
 * until the next message or until keys_expire(); a sequence that the network cut right behind its
 * Esc is mended by the same memory.
 *
 * What can't be decoded is dropped whole and never typed into a field: unknown sequences, replies
 * of the terminal, broken UTF-8. Nothing here is trusted: every buffer is bounded, and a paste or a
 * reply that never ends can be left (Ctrl-C; keys_expire()). */
#include "term/keys.h"

#include <assert.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "term/profile.h"
#include "term/sequence_priv.h"

enum {
    SEQ_MAX = SEQUENCE_PARAMS_MAX,
    STRING_MAX = 4096, /* longest reply that is skipped */
    QUEUE_MAX = 65536, /* keys waiting; more are dropped: somebody is flooding us */
};

enum state {
    GROUND,
    ESC,        /* Esc has come */
    CSI,        /* Esc [ */
    LINUX,      /* Esc [ [ */
    SS3,        /* Esc O */
    STRING,     /* inside a DCS, OSC, PM or APC reply */
    STRING_ESC, /* Esc inside it: perhaps its end */
};

struct keys {
    enum state state;
    char seq[SEQ_MAX]; /* parameters of a CSI or SS3 */
    size_t seq_len;    /* counts on past SEQ_MAX */
    uint32_t opener;   /* the character that began a string */
    size_t string_len; /* its bytes so far */
    uint32_t point;    /* UTF-8: collected so far */
    uint32_t least;    /* UTF-8: smallest value of this length */
    int need;          /* UTF-8: bytes still to come */
    int prefixed;      /* the character being read follows an Esc */
    int late;          /* that Esc was reported as a key already */
    int second;        /* this Esc follows an Esc: together they are a key, no digit's prefix */
    int remembered;    /* the last message ended with an Esc alone */
    int pasting;       /* between the marks of a bracketed paste */
    int was_return;    /* the last byte was a carriage return */
    int want_replies;
    int replies, taken; /* how many are kept, and how many of them were asked for */
    char reply[KEYS_REPLIES][KEYS_REPLY];
    char string[KEYS_REPLY];  /* the beginning of the string being read */
    struct key_event *events; /* ring of `room` */
    size_t head, count, room;
};

static_assert(K_F10 - K_F1 == 9, "F-keys stand in order in keynames.def");

struct keys *keys_new(void)
{
    return x_calloc(1, sizeof(struct keys));
}

void keys_free(struct keys **keys)
{
    if (*keys == NULL)
        return;
    /* What was typed may be a secret. */
    mem_wipe((*keys)->events, (*keys)->room * sizeof *(*keys)->events);
    x_free(&(*keys)->events);
    x_free(keys);
}

/* The ring is full: twice the room, events in order from the start. */
static void grow(struct keys *keys)
{
    size_t room = keys->room == 0 ? 64 : keys->room * 2;
    struct key_event *events = x_calloc(room, sizeof *events);

    for (size_t i = 0; i < keys->count; i++)
        events[i] = keys->events[(keys->head + i) % keys->room];
    mem_wipe(keys->events, keys->room * sizeof *events);
    x_free(&keys->events);
    keys->events = events;
    keys->room = room;
    keys->head = 0;
}

/* A paste is text: of its keys only those that text has. */
static void push(struct keys *keys, enum key key, uint32_t point)
{
    struct key_event event = {.key = key, .point = point, .pasted = keys->pasting};

    if (keys->pasting && key != K_CHAR && key != K_ENTER && key != K_TAB)
        return;
    if (keys->count >= QUEUE_MAX)
        return;
    if (keys->count == keys->room)
        grow(keys);
    keys->events[(keys->head + keys->count) % keys->room] = event;
    keys->count++;
}

/* An answer of the terminal, whole: its opener and what came behind it. */
static void push_reply(struct keys *keys, char opener, const char *text, char final)
{
    char end[] = {final, '\0'};

    if (!keys->want_replies || keys->replies == KEYS_REPLIES || keys->pasting)
        return;
    if (str_format(keys->reply[keys->replies], KEYS_REPLY, "%c%s%s", opener, text, end) != 0)
        return;
    /* What was typed before it can't have been typed for what it answers. */
    if (terminal_echoed(keys->reply[keys->replies++]))
        push(keys, K_ANSWER, 0);
}

void keys_want_replies(struct keys *keys, int wanted)
{
    keys->want_replies = wanted;
}

const char *keys_reply(struct keys *keys)
{
    return keys->taken < keys->replies ? keys->reply[keys->taken++] : NULL;
}

int keys_next(struct keys *keys, struct key_event *out)
{
    if (keys->count == 0)
        return 0;
    *out = keys->events[keys->head];
    keys->head = (keys->head + 1) % keys->room;
    keys->count--;
    return 1;
}

/* 0..9 for a digit of any keyboard that clerks have, else -1. */
static int digit_of(uint32_t point)
{
    static const uint32_t zeros[] = {'0', 0x660, 0x6f0};

    for (size_t i = 0; i < SND_COUNT(zeros); i++) {
        if (point >= zeros[i] && point <= zeros[i] + 9)
            return (int)(point - zeros[i]);
    }
    return -1;
}

/* A whole character has come. */
static void take_point(struct keys *keys, uint32_t point)
{
    int digit = keys->prefixed ? digit_of(point) : -1;

    if (digit >= 0)
        push(keys, digit == 0 ? K_F10 : (enum key)(K_F1 + digit - 1), 0);
    else if (keys->prefixed && !keys->late)
        push(keys, K_ALT, point);
    else
        push(keys, K_CHAR, point);
    keys->prefixed = 0;
}

static int point_allowed(uint32_t point, uint32_t least)
{
    return point >= least && point >= 0xa0 && point <= 0x10ffff &&
           !(point >= 0xd800 && point <= 0xdfff);
}

static void take_continuation(struct keys *keys, uint8_t byte)
{
    keys->point = keys->point << 6 | (byte & 0x3fu);
    if (--keys->need > 0)
        return;
    if (point_allowed(keys->point, keys->least))
        take_point(keys, keys->point);
    keys->prefixed = 0;
}

static void take_lead(struct keys *keys, uint8_t byte)
{
    static const struct {
        uint8_t first, last, mask;
        int need;
        uint32_t least;
    } leads[] = {
        {0xc2, 0xdf, 0x1f, 1, 0x80},
        {0xe0, 0xef, 0x0f, 2, 0x800},
        {0xf0, 0xf4, 0x07, 3, 0x10000},
    };

    for (size_t i = 0; i < SND_COUNT(leads); i++) {
        if (byte >= leads[i].first && byte <= leads[i].last) {
            keys->point = byte & leads[i].mask;
            keys->need = leads[i].need;
            keys->least = leads[i].least;
            return;
        }
    }
    keys->prefixed = 0;
}

static void take_control(struct keys *keys, uint8_t byte)
{
    static const enum key named[32] = {
        ['\b'] = K_BACKSPACE, ['\t'] = K_TAB, ['\r'] = K_ENTER, ['\n'] = K_ENTER};
    int second_half = byte == '\n' && keys->was_return;

    keys->was_return = byte == '\r';
    keys->prefixed = 0;
    if (second_half)
        return;
    if (byte == 0x03) /* Ctrl-C leaves a paste whose end was lost. */
        keys->pasting = 0;
    if (byte == 0x7f)
        push(keys, K_BACKSPACE, 0);
    else if (named[byte] != K_NONE)
        push(keys, named[byte], 0);
    else if (byte >= 1 && byte <= 26)
        push(keys, K_CTRL, (uint32_t)('a' + byte - 1));
    else if (byte == 0x1d)
        push(keys, K_CTRL, ']');
}

static void take_ground(struct keys *keys, uint8_t byte)
{
    if (keys->need > 0) {
        if ((byte & 0xc0) == 0x80) {
            take_continuation(keys, byte);
            return;
        }
        keys->need = 0;
        keys->prefixed = 0;
    }
    if (byte == 0x1b) {
        keys->state = ESC;
        keys->late = 0;
    } else if (byte < 0x20 || byte == 0x7f) {
        take_control(keys, byte);
        return;
    } else if (byte < 0x80) {
        take_point(keys, byte);
    } else {
        take_lead(keys, byte);
    }
    keys->was_return = 0;
}

static void open_state(struct keys *keys, enum state state, uint8_t opener)
{
    keys->state = state;
    keys->seq_len = 0;
    keys->string_len = 0;
    keys->opener = opener;
}

/* The sequence being read is no key: forget it and read this byte for itself. */
static void give_up(struct keys *keys, uint8_t byte)
{
    keys->state = GROUND;
    take_ground(keys, byte);
}

/* more: the message goes on after this byte. Behind an Esc of an earlier message a lone [ or O is
 * that character, typed; with more behind it it is a sequence that the network cut. */
static void take_after_esc(struct keys *keys, uint8_t byte, int more)
{
    keys->state = GROUND;
    keys->second = 0;
    if ((byte == '[' || byte == 'O') && (!keys->late || more)) {
        open_state(keys, byte == '[' ? CSI : SS3, byte);
    } else if (!keys->late && !keys->pasting && strchr("P]^_", byte) != NULL && byte != 0) {
        open_state(keys, STRING, byte);
    } else if (!keys->late && byte == '\t') {
        push(keys, K_BACKTAB, 0);
    } else if (byte < 0x20 || byte == 0x7f) {
        if (!keys->late)
            push(keys, K_ESC, 0);
        take_ground(keys, byte);
        keys->second = byte == 0x1b;
    } else {
        keys->prefixed = 1;
        take_ground(keys, byte);
    }
}

static void push_sequence(struct keys *keys, const char *name)
{
    struct key_event event;

    if (sequence_find(name, &event))
        push(keys, event.key, event.point);
}

/* A private mark first, or a report of an ANSI mode. */
static int is_reply(const struct keys *keys, char final)
{
    return keys->seq_len > 0 && (strchr("?>=", keys->seq[0]) != NULL ||
                                 (final == 'y' && keys->seq[keys->seq_len - 1] == '$'));
}

static void take_csi(struct keys *keys, char final)
{
    struct key_event event;

    if (keys->seq_len >= SEQ_MAX)
        return;
    keys->seq[keys->seq_len] = '\0';
    if (is_reply(keys, final)) {
        push_reply(keys, '[', keys->seq, final);
        return;
    }
    switch (sequence_csi(keys->seq, final, &event)) {
    case SEQUENCE_KEY:
        push(keys, event.key, event.point);
        break;
    case SEQUENCE_PASTE_ON:
        keys->pasting = 1;
        break;
    case SEQUENCE_PASTE_OFF:
        keys->pasting = 0;
        break;
    case SEQUENCE_UNKNOWN:
        break;
    }
}

static void take_in_csi(struct keys *keys, uint8_t byte)
{
    /* rxvt ends the keys with Shift in a dollar; elsewhere it stands before the end. */
    int rxvt_shift = byte == '$' && keys->seq_len > 0 && keys->seq_len < SEQ_MAX &&
                     keys->seq[0] >= '0' && keys->seq[0] <= '9' &&
                     memchr(keys->seq, ';', keys->seq_len) == NULL;

    if (byte == '[' && keys->seq_len == 0) {
        keys->state = LINUX;
    } else if ((byte >= 0x40 && byte <= 0x7e) || rxvt_shift) {
        keys->state = GROUND;
        take_csi(keys, (char)byte);
    } else if (byte >= 0x20 && byte < 0x40) {
        if (keys->seq_len < SEQ_MAX)
            keys->seq[keys->seq_len] = (char)byte;
        if (keys->seq_len < STRING_MAX)
            keys->seq_len++;
        else
            keys->state = GROUND;
    } else {
        give_up(keys, byte);
    }
}

static void take_in_linux(struct keys *keys, uint8_t byte)
{
    char name[] = {'[', '[', (char)byte, '\0'};

    if (byte < 0x20 || byte > 0x7e) {
        give_up(keys, byte);
        return;
    }
    keys->state = GROUND;
    push_sequence(keys, name);
}

/* Some terminals put a modifier's number before the last character. */
static void take_in_ss3(struct keys *keys, uint8_t byte)
{
    char name[] = {'O', (char)byte, '\0'};

    if (byte >= '0' && byte <= '9' && keys->seq_len < 2) {
        keys->seq_len++;
    } else if (byte < 0x20 || byte > 0x7e) {
        give_up(keys, byte);
    } else {
        keys->state = GROUND;
        push_sequence(keys, name);
    }
}

/* The last byte kept, or the one before it, began the end. */
static void end_string(struct keys *keys)
{
    keys->state = GROUND;
    if (keys->string_len == 0 || keys->string_len > sizeof keys->string)
        return;
    keys->string[keys->string_len - 1] = '\0';
    push_reply(keys, (char)keys->opener, keys->string, '\0');
}

static void take_in_string(struct keys *keys, uint8_t byte)
{
    if (keys->string_len < sizeof keys->string)
        keys->string[keys->string_len] = (char)byte;
    keys->string_len++;
    if (byte == 0x1b)
        keys->state = STRING_ESC;
    else if (byte == '\a')
        end_string(keys);
    else if (keys->string_len > STRING_MAX)
        keys->state = GROUND;
    else if (byte < 0x20 || byte == 0x7f)
        give_up(keys, byte); /* no reply holds these: somebody types */
}

static void take(struct keys *keys, uint8_t byte, int more)
{
    switch (keys->state) {
    case GROUND:
        take_ground(keys, byte);
        break;
    case ESC:
        take_after_esc(keys, byte, more);
        break;
    case CSI:
        take_in_csi(keys, byte);
        break;
    case LINUX:
        take_in_linux(keys, byte);
        break;
    case SS3:
        take_in_ss3(keys, byte);
        break;
    case STRING:
        take_in_string(keys, byte);
        break;
    case STRING_ESC:
        keys->state = GROUND;
        if (byte == '\\') {
            end_string(keys);
        } else {
            keys->late = 0;
            take_after_esc(keys, byte, more);
        }
        break;
    }
}

void keys_feed(struct keys *keys, const void *bytes, size_t len)
{
    const uint8_t *byte = bytes;

    if (len == 0)
        return;
    if (keys->taken == keys->replies)
        keys->taken = keys->replies = 0;
    if (keys->remembered && keys->state == GROUND) {
        keys->state = ESC;
        keys->late = 1;
    }
    keys->remembered = 0;
    if (!keys->pasting)
        keys->was_return = 0;
    for (size_t i = 0; i < len; i++)
        take(keys, byte[i], i + 1 < len);
    if (keys->state == ESC && !keys->pasting) {
        keys->state = GROUND;
        keys->remembered = !keys->second;
        keys->second = 0;
        push(keys, K_ESC, 0);
    }
}

int keys_waiting(const struct keys *keys)
{
    return keys->state != GROUND || keys->remembered;
}

void keys_expire(struct keys *keys)
{
    int opened = keys->state == CSI || keys->state == SS3 || keys->state == STRING;

    /* Nothing followed: it was Alt and that character. */
    if (opened && keys->seq_len == 0 && keys->string_len == 0)
        push(keys, K_ALT, keys->opener);
    keys->state = GROUND;
    keys->remembered = 0;
    keys->prefixed = 0;
    keys->need = 0;
}
