/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_UI_PRIV_H
#define UI_UI_PRIV_H
/* What the screens of one session share: the stack of screens, the message line, what has to be
 * painted again, and how a screen asks for another one. */
#include <signal.h>
#include <stdint.h>
#include "term/canvas.h"
#include "term/keys.h"
#include "term/profile.h"
#include "book/carry.h"
#include "book/feed.h"
#include "ui/session.h"
#define UI_ROWS 24
#define UI_COLS 80
/* The least for a screen that knows how to be narrow. */
#define UI_NARROW_ROWS 20
#define UI_NARROW_COLS 40
#define UI_DEPTH 10
#define UI_TEXT 512
#define UI_AWAY 3    /* numbers that came later, shown at home */
#define UI_HELD 4096 /* most keys kept while a field that was typed past is wrong */

/* What a screen's key handler says it did. */
enum ui_result {
    UI_IGNORED = 0,
    UI_HANDLED = 1, /* nothing to paint but what the handler asked for */
    UI_FOCUS = 2,   /* the focused part changed: only that is painted */
    UI_REDRAW = 4,  /* the whole screen */
    UI_LEAVE = 8,   /* close this screen; the one below gets ui->answer */
};
/* What has to be painted before the next frame. */
enum ui_dirty {
    DIRTY_FOCUS = 1,
    DIRTY_MESSAGE = 2,
    DIRTY_CLOCK = 4,
    DIRTY_ALL = 8,
};
enum screen_id {
#define SCREEN(name, prefix, title, help, extras) SCREEN_##name,
#include "ui/screens.def"
#undef SCREEN
    SCREEN_COUNT
};
/* What a screen is opened with; each says which members it reads. */
struct ui_arg {
    int index;
    const void *thing;
    struct id id;
    char text[BOOK_TEXT];
};
struct ui;
struct pick_item;
/* One line of screens.def. Optional members are NULL. */
struct screen_row {
    const char *title; /* N_(): in the path of the first row */
    const char *help;  /* N_(): shown by F1 */
    /* Makes the state; an error (already told in the message row) leaves the screen closed. */
    int (*open)(struct ui *ui, const struct ui_arg *arg, void **state);
    unsigned (*key)(struct ui *ui, void *state, const struct key_event *event);
    void (*paint)(struct ui *ui, void *state);
    void (*close)(struct ui *ui, void *state);  /* frees the state */
    void (*focus)(struct ui *ui, void *state);  /* paints only what a typed key changes */
    void (*resume)(struct ui *ui, void *state); /* the screen above has closed */
    void (*tick)(struct ui *ui, void *state, int64_t now); /* now and then, also under others */
    void (*rest)(struct ui *ui, void *state); /* nothing was typed for a moment: see ui_rest() */
    void (*more)(struct ui *ui, void *state); /* F1 in its help: opens what says more, */
    const char *(*more_word)(struct ui *ui, void *state); /* which is that, NULL = nothing now */
    const char *(*topic)(struct ui *ui, void *state);     /* help of what is focused, borrowed */
    /* 1: it can be painted on UI_NARROW_COLS and _ROWS; without it UI_COLS and _ROWS are needed */
    int (*narrow)(const struct ui *ui, const void *state);
    /* With what it can be opened again as it stands now: 1, or 0 when it can't. */
    int (*place)(const struct ui *ui, const void *state, struct ui_arg *out);
    /* such an arg's text for people, in the paint's arena; without it it is as it is */
    const char *(*said)(struct ui *ui, const struct ui_arg *arg);
    int (*latin)(struct ui *ui, void *state); /* 1: what is typed now is Latin on any keyboard */
    const char *(*name)(struct ui *ui,
                        void *state); /* its title here and now, in the paint's arena */
    void (*lost)(struct ui *ui, void *state, int error); /* what book_pump() said */
    void (*heard)(struct ui *ui, void *state);           /* an answer that nobody waited for */
};
extern const struct screen_row screen_table[SCREEN_COUNT];
struct ui_layer {
    enum screen_id id;
    void *state;
};
/* One value of the request submitted last: what F5 repeats. */
struct ui_repeat {
    const struct form *form;
    struct record *record;
};
/* What the number screen shows. */
struct receipt_case {
    const struct form *form;
    struct book_receipt receipt;
};
/* What the requirement sheet shows; its screen copies it as it opens. */
struct needs_case {
    const struct form *form;
    char standing[BOOK_TEXT];  /* open today, or why not, translated; "" = as its form says */
    struct book_notice notice; /* to be read first; its id is zeros when there is none */
    int begins;                /* once it has been read, the request is begun ... */
    int with;                  /* ... in this way, enum begin_with */
};
struct ui {
    struct book *book;
    struct book_me me;
    struct canvas canvas;
    struct arena *arena; /* of the painting in hand */
    int rtl;             /* the screen starts at the right */
    int far;             /* a long line: no help before it is asked for, no look that moves along */
    unsigned dirty;      /* enum ui_dirty */
    struct ui_layer stack[UI_DEPTH];
    int depth;
    unsigned opened; /* screens so far */
    int answer;      /* what the screen that just closed has to say; -1 = nothing */
    /* asked for by a handler, done when it has returned */
    enum { NEXT_NONE, NEXT_PUSH, NEXT_HOME, NEXT_HOME_PUSH, NEXT_AGAIN } next;
    enum screen_id next_id;
    struct ui_arg next_arg;
    struct key_event replay; /* a key for the screen that opens next */
    char message[UI_TEXT];
    enum look message_look;
    int message_kind; /* enum ui_tell of what stands there */
    int arabic_keys;  /* Latin keys are taken for the Arabic ones in their place */
    int escaped;      /* the key before was a lone Esc */
    int hold;         /* the rest of what was typed in one go waits in held[] */
    int wrong;        /* until this field is right */
    int refused;      /* and nothing was painted since */
    int questions;    /* the terminal has not answered yet, and after how many answers */
    int blind;        /* the person may have seen what was refused, 0 = now */
    struct key_event *held;
    size_t held_count;
    int unseen;                  /* nobody sees any more what is painted: the line broke off */
    unsigned frames;             /* frames shown: has the clerk seen what a key answers? */
    int minute;                  /* the one the first row shows */
    int slow;                    /* the line to the person is: said at the end of the message row */
    struct book_line_state line; /* to the hub, as of the last minute; nothing while not known */
    int64_t line_at;             /* when that was, UTC ms */
    struct ui_repeat repeat;
    struct receipt_case receipt; /* of the request submitted last */
    struct needs_case needs;     /* of the sheet that opens next */
    const char *peer;
    struct terminal terminal; /* what is known of it, */
    enum profile profile;     /* how it is to be treated, */
    int mono;                 /* without colours, */
    int terminal_asked;       /* and whether the person is asked if that is right */
    unsigned parked;          /* digits under which drafts are put aside, a bit each */
    int unsaved;              /* a draft waits to be saved: tick */
    int watching;             /* something in front may change by itself: tick */
    int64_t rests_at; /* when the screen in front is told that nothing was typed for a moment, 0 */
    int working;      /* something long goes on piece by piece: tick whenever nothing came in */
    int offline;      /* the ledger went away: look for it at every tick */
    char away_number[UI_AWAY][BOOK_NUMBER]; /* of requests that were kept here and are sent now */
    size_t away_count;
    int expelled;   /* ... and knows this session no more */
    int practising; /* the form in front is practice: said in the first row */
    int leaving;    /* 1: the person has asked to leave */
    /* Told of each text that did not fit its row, by the check of forms; NULL in a session. */
    void (*cut)(void *arg, int row, const char *text);
    void *cut_arg;
};

/* ---- screens ---- */
/* Opens on top of this one / after closing all down to home. Done when the handler has returned. */
void ui_push(struct ui *ui, enum screen_id id, const struct ui_arg *arg);
void ui_home(struct ui *ui);
void ui_home_push(struct ui *ui, enum screen_id id, const struct ui_arg *arg);
/* Opens all screens of the session that broke off, from home on. */
void ui_again(struct ui *ui);
/* One key through the top screen, with what it asks for. */
void ui_key(struct ui *ui, const struct key_event *original);
/* All keys of one go, those typed past a wrong field kept until it is right. */
void ui_keys(struct ui *ui, struct keys *keys);
/* What was refused goes out with one question more / as far as can be known it was seen: what is
 * typed from now on is meant for it. */
void ui_ask_seen(struct ui *ui);
void ui_seen(struct ui *ui);
/* From a handler: the field is wrong, keep what was typed past it / it is right / forget it. */
void ui_hold(struct ui *ui);
void ui_release(struct ui *ui);
void ui_drop(struct ui *ui);
/* One key more that waits. / Those that wait, behind the text of a draft; and back, taken off it.
 */
void ui_hold_key(struct ui *ui, const struct key_event *event);
void ui_held_put(const struct ui *ui, struct buf *typed);
void ui_held_take(struct ui *ui, char *typed);
/* Opens the first screen; closes all. */
void ui_begin(struct ui *ui);
void ui_end(struct ui *ui);
void ui_tick(struct ui *ui, int64_t now);
/* A screen's wish to be ticked, kept in *held: on or off. */
void ui_watch(struct ui *ui, int *held, int on);
/* From a handler: call the screen's `rest` when nothing more is typed for a moment. / It is time.
 */
void ui_rest(struct ui *ui);
void ui_rested(struct ui *ui);
void ui_lost(struct ui *ui, int error);
/* Answers have come: each goes to the screen that asked, or nowhere. */
void ui_heard(struct ui *ui);
void ui_language(struct ui *ui, enum lang lang);
/* Paints what is dirty onto the canvas. */
void ui_paint(struct ui *ui);
/* 1 when the screen in front has not the room that it needs, which is painted in its place. */
int ui_too_small(const struct ui *ui);
/* ---- where a person stands (again.c) ---- */
/* Into out, "" where a login leads by itself; 0 = not past the greeting yet. */
int again_make(const struct ui *ui, char out[BOOK_PLACE]);
/* One screen more at the end of such a text: 0, or SND_E_LIMIT and it is as before. */
SND_MUST int again_add(char place[BOOK_PLACE], enum screen_id id, const struct ui_arg *arg);
/* At the end of a session: keeps `now` for the next login, in place of what the book has if it has
 * any. Not of one that was ended by somebody else, nor of one that never was. */
void again_keep(const struct ui *ui, enum session_end end, int has, const char *now);
/* The next screen of such a text, which moves on: 1, or 0 at what means nothing. */
int again_next(const char **at, enum screen_id *id, struct ui_arg *out);
/* The place of me, for people; "" = none. In the paint's arena. */
const char *again_words(struct ui *ui);
/* For the table of screens: can be opened again by its name alone. */
int place_plain(const struct ui *ui, const void *state, struct ui_arg *out);

/* For the table of screens: can be painted narrow, whatever it shows. */
int narrow_always(const struct ui *ui, const void *state);
/* This terminal is treated so from now on, and remembered. */
void terminal_choose(struct ui *ui, enum profile profile);
/* What was remembered of it, by its word: 1, or 0 when that means nothing. */
int terminal_recall(struct ui *ui, const char *word);
/* Turns the Arabic keyboard on or off, and says so. / What the first row says of it; "" = off. */
void ui_arabic_keys(struct ui *ui);
const char *ui_arabic_sign(struct ui *ui);
/* 1 when this person's role may do it. */
int ui_may(const struct ui *ui, enum operation operation);

/* The letters that a Latin key stands for on the Arabic keyboard: how many, into out[2]; 0 = it is
 * the same on both. */
int arabic_key(uint32_t typed, uint32_t out[2]);
/* The Latin key that types this letter on the Arabic keyboard, or 0. */
uint32_t arabic_typed(uint32_t letter);
/* The digit that was typed, of any script, or -1. */
int ui_digit(const struct key_event *event);
/* 1 = yes, 0 = no, -1 = neither: digits and letters of both scripts, also by their place. */
int ui_answer(const struct key_event *event);

/* ---- the line to the hub (line.c) ---- */
/* Asks how it stands, without waiting; the answer goes to the message row. */
void line_ask(struct ui *ui);
void line_heard(struct ui *ui);
/* What the message row says of it, at its end, when there is room beside a message of so many
 * columns; returns the columns used. */
int line_paint(struct ui *ui, int row, int width, int message);
/* As it stands now. / How that looks. */
void line_take(struct ui *ui, const struct book_line_state *state);
enum look line_look(enum book_line state);
/* The screen that says more: the line at a centre, the centres at a hub; SCREEN_COUNT = none. */
enum screen_id line_screen(const struct ui *ui);

/* ---- the line to the office, for a desk that is away from it (away.c) ---- */
/* Something was said of it, or of a request that was kept here. */
void away_heard(struct ui *ui);
int away_is_down(const struct ui *ui);
/* As line_paint(), in whose place it is. / The numbers of what was sent meanwhile, in one row. */
int away_paint(struct ui *ui, int row, int width, int message);
void away_paint_numbers(struct ui *ui, int row);

/* Says in the message row how a request's wish for a seat stands, when its form has one. */
void seat_tell(struct ui *ui, const struct form *form, const char *number);
/* Notes how many seats are free at the choices of a field that names a campaign. */
void seat_notes(struct ui *ui, const struct form *form, const struct field *field,
                struct arena *arena, struct pick_item *item);

/* ---- session.c: for the other loop, of line mode ---- */
/* SIGTERM and its kin end a session politely from now on; they are blocked but in ppoll(*before).
 */
void session_signals(sigset_t *before);
int session_must_stop(void);

/* ---- the message row ---- */
enum ui_tell { TELL_ERROR, TELL_WARNING, TELL_DONE, TELL_PLAIN };
/* One sentence, already translated. It stays until the next one or ui_quiet(). */
SND_PRINTF(3, 4) void ui_tell(struct ui *ui, enum ui_tell kind, const char *format, ...);
void ui_quiet(struct ui *ui);
/* What a refused call means for the clerk: one sentence, translated; and in the message row. */
const char *ui_error_words(int error);
void ui_tell_error(struct ui *ui, int error);
#endif
