/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_LINEMODE_PRIV_H
#define UI_LINEMODE_PRIV_H
/* Line mode's files: linemode.c (the loop: lines in, text out), linemode_say.c (how text goes out),
 * linemode_home.c (what can be done), linemode_look.c (what can be read), linemode_form.c (a form
 * being filled), linemode_answer.c (one answer), linemode_paste.c (a whole form at once). The
 * struct ui in it has no terminal: forms, reviews and messages work in it as they do under the
 * screens. */
#include "base/buf.h"
#include "ui/fill_priv.h"
#include "ui/screens_priv.h"

#define LINEMODE_LINE 8192    /* bytes of a line; a terminal sends no more than 4096 */
#define LINEMODE_INPUT 262144 /* bytes typed ahead */
#define LINEMODE_ITEMS 40     /* most lines of a list at once */

/* How Arabic goes out: as it is stored, for terminals that put it in order and for readers aloud;
 * in the order in which it is seen, joined; in Latin letters. */
enum linemode_order {
#define LINE_ORDER(name, word, about) LINE_ORDER_##name,
#include "ui/linemode_orders.def"
#undef LINE_ORDER
    LINE_ORDERS
};
struct linemode {
    struct ui ui;
    const struct session_args *args;
    enum linemode_order order;
    int order_known; /* chosen, or certain */
    struct buf in;   /* received and not yet answered; a line's CR is taken off when it is taken */
    struct buf held; /* lines put aside until a field is right */
    struct buf out;
    int input_ended, ended;
    int gone;               /* the line broke off: nothing is said any more */
    char place[BOOK_PLACE]; /* what was last looked at, again_add() */
    char noted[BOOK_PLACE]; /* as the book has it; and whether this session told it so */
    int noting;
    int stood;              /* something was done at home */
    int homes;              /* how often it was asked what to do */
    enum session_end end;
    int too_long; /* the line that is coming is: it is passed over to its end */
    int ahead;    /* the line taken last was there before its prompt had gone out */
    char line[LINEMODE_LINE];
    int64_t sought; /* when the ledger was looked for last, while it is away */
    sigset_t open_mask;
};

/* ---- linemode.c ---- */
/* The next line, cleaned, without its end; NULL when the session is over. Everything said before
 * goes out first, unless the answer is there already: then `prompt` (NULL = none) is not asked at
 * all. Borrowed until the next call. A line that can't be text is told and asked for again. */
const char *linemode_ask(struct linemode *lm, const char *prompt);
/* 1 when the next line is there, complete. */
int linemode_pending(const struct linemode *lm);
/* So many ms in which nothing is answered; what comes meanwhile is taken in. */
void linemode_pause(struct linemode *lm, int ms);
/* Takes in what is on its way, until nothing comes for a moment. */
void linemode_gather(struct linemode *lm);
/* Puts aside all that was typed ahead; and gives it back. */
void linemode_hold(struct linemode *lm);
void linemode_release(struct linemode *lm);
/* Says what was put aside, when nobody will take it any more, and lets it go. */
void linemode_drop_held(struct linemode *lm);
/* What was put aside waits with the draft that is open, as keys; and back, 1 = there was some. */
void linemode_keep_held(struct linemode *lm);
int linemode_take_held(struct linemode *lm);
/* What stands after the last whole line when the input has ended: the beginning of an answer. */
const char *linemode_rest(struct linemode *lm);
/* Waits for the book's answers to questions that were asked, not for long. */
void linemode_hear(struct linemode *lm);
/* The order of Arabic from now on. */
void linemode_set_order(struct linemode *lm, enum linemode_order order);
/* What this person's terminal is known by; remembers the order for it. */
int linemode_remember(struct linemode *lm);

/* ---- linemode_say.c ---- */
/* One paragraph. Whatever stands in the text, only signs that have a place on a terminal go out. */
void linemode_say(struct linemode *lm, const char *text);
SND_PRINTF(2, 3) void linemode_sayf(struct linemode *lm, const char *format, ...);
/* What the screens' functions had to say in their message row. */
void linemode_say_message(struct linemode *lm);
/* The text in that order, to a buffer: what linemode_say() does. */
void linemode_text(enum linemode_order order, enum text_dir dir, const char *text,
                   struct arena *arena, struct buf *out);

/* ---- linemode_home.c ---- */
/* From the greeting to the end. */
void linemode_home(struct linemode *lm);
/* Notes what is looked at now, for a line that breaks off: `id` and `text` as its screen would. */
void linemode_stand(struct linemode *lm, enum screen_id id, const char *text);
/* 1 when the session before broke off at something that can be gone on with here. */
int linemode_again(const struct linemode *lm);
/* What linemode_words.def names. */
void linehome_again(struct linemode *lm, const char *rest);
void linehome_new(struct linemode *lm, const char *rest);
void linehome_drafts(struct linemode *lm, const char *rest);
void linehome_find(struct linemode *lm, const char *rest);
void linehome_sheet(struct linemode *lm, const char *rest);
void linehome_news(struct linemode *lm, const char *rest);
void linehome_language(struct linemode *lm, const char *rest);
void linehome_order(struct linemode *lm, const char *rest);
void linehome_password(struct linemode *lm, const char *rest);
void linehome_leave(struct linemode *lm, const char *rest);
void linehome_help(struct linemode *lm, const char *rest);

/* ---- linemode_duty.c ---- */
/* What must be done before anything else: codes by time, a password of one's own. Returns when it
 * is done, or the session is over. */
void linemode_duties(struct linemode *lm);

/* ---- linemode_words.c ---- */
enum { AT_HOME = 1, AT_FIELD = 2, AT_REVIEW = 4 };
struct lineform;
struct lineword {
    const char *word[LANG_COUNT]; /* each is understood in either language */
    unsigned where;               /* bits of AT_... */
    enum operation needs;
    void (*home)(struct linemode *lm, const char *rest);
    int (*form)(struct lineform *form, const char *rest); /* 1 = the form is left */
    const char *about;                                    /* N_() */
};
/* The word that a line begins with, of those that count here; *rest is what follows it. NULL =
 * none.
 */
const struct lineword *linemode_word(const struct ui *ui, const char *line, unsigned where,
                                     const char **rest);
/* Says which words there are. */
void linemode_say_words(struct linemode *lm, unsigned where);
/* 1 when both mean the same word: case, hamza and marks apart. */
int linemode_same(const char *a, const char *b);
/* A number in digits of either script: 1..most, or 0. */
int linemode_number(const char *text, size_t most);
/* 1 yes, 0 no, -1 something else: what answers a question. */
int linemode_yes(const char *line);

/* ---- linemode_look.c ---- */
void linemode_sheet(struct linemode *lm, const struct form *form, const char *standing);
/* A notice that is to be read: 1 when the person says it was. */
int linemode_notice(struct linemode *lm, const struct book_notice *notice);
void linemode_request(struct linemode *lm, const char *number);
void linemode_find(struct linemode *lm, const char *query);
void linemode_values(struct linemode *lm, const struct record *record, int numbered);
/* The services that words fit, by code or by title: how many, in the arena. */
size_t linemode_services(struct linemode *lm, const char *words, struct arena *arena,
                         struct book_service **out);
/* Names them; `most` at the most, and says how many more there are. */
void linemode_say_services(struct linemode *lm, const struct book_service *list, size_t count);
void linemode_say_fees(struct linemode *lm, int64_t agency, int64_t centre);

/* ---- linemode_form.c ---- */
struct lineform {
    struct linemode *lm;
    struct fill *fill;
    int group;      /* whose title was said last */
    int documents;  /* how a document is answered was said */
    int correcting; /* only what is wrong is asked */
    int reviewing;  /* nothing is asked any more but whether it is sent */
    char **why;     /* [fields] why the answer is asked for again, NULL = it is not */
    struct fee fee; /* as it was said at the review */
    int waiting;    /* what was typed ahead is held until this field is right, -1 = none */
};
/* A form from its first prompt until it is submitted or left. */
void linemode_fill(struct linemode *lm, const struct ui_arg *arg);
/* To a field: its prompt is the next. */
void lineform_go(struct lineform *form, int field);
/* The answer to the field in focus is right: to the next one that is asked for. */
void lineform_next(struct lineform *form);
/* Goes to what is wrong, or to the review when nothing is. */
void lineform_review(struct lineform *form);
/* What linemode_words.def names: 1 = the form is left. */
int lineword_send(struct lineform *form, const char *rest);
int lineword_list(struct lineform *form, const char *rest);
int lineword_back(struct lineform *form, const char *rest);
int lineword_go(struct lineform *form, const char *rest);
int lineword_papers(struct lineform *form, const char *rest);
int lineword_print(struct lineform *form, const char *rest);
int lineword_paste(struct lineform *form, const char *rest);
int lineword_later(struct lineform *form, const char *rest);
int lineword_park(struct lineform *form, const char *rest);
int lineword_needs(struct lineform *form, const char *rest);
int lineword_language(struct lineform *form, const char *rest);
int lineword_order(struct lineform *form, const char *rest);
int lineword_leave(struct lineform *form, const char *rest);
int lineword_help(struct lineform *form, const char *rest);

/* ---- linemode_answer.c ---- */
/* Says what is asked for now; in the arena of the next answer. */
const char *lineform_prompt(struct lineform *form);
/* Takes an answer: 1 = right. 0 = it is not: form->why has the reason, and it stays in the field.
 */
int lineform_take(struct lineform *form, const char *answer);
/* An answer that is wrong stays as far as the field can keep it, to be asked for again. */
void lineform_leave_wrong(struct lineform *form);
/* 1 when other fields apply or not by what this one says. */
int lineform_decides(const struct form *form, int field);
/* What is asked for, and what may be chosen; `filter` narrows that. */
void lineform_help(struct lineform *form, const char *filter);
/* "label: why" */
void lineform_say(struct lineform *form, int field, const char *why);
/* The words for a rule that was broken, for somebody without function keys. */
const char *lineform_sentence(const struct field *field, enum fault_rule rule,
                              const char *sentence);
#endif
