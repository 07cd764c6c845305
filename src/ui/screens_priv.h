/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_SCREENS_PRIV_H
#define UI_SCREENS_PRIV_H
/* The functions that screens.def names; what each must do is said over struct screen_row. */
#include "book/pass.h"
#include "ui/pick.h"
#include "ui/ui_priv.h"
/* What the chooser shows; the opener keeps it until it is answered. */
struct chooser_list {
    const char *title;
    const struct pick_item *item;
    size_t count;
    const char *filter; /* typed already */
    int chosen;         /* item marked at first, or -1 */
    int digits;         /* so many of the first items are taken by their digit, 0 by the last one */
};
/* What the review is given; the form's screen owns it. It answers with the field to go to, or -1.
 */
struct review_case {
    struct book_draft *draft;
    struct record *record;
    const struct rule_day *day;
    int *submitted;    /* set when it is: there is no draft any more */
    int *first_faults; /* of practice: what the first review found (-1 before); NULL in earnest */
};
/* Practice is measured by what was still wrong when it was first thought to be ready, or all that was
 * left was asked for: counts it, once. Of a request in earnest nothing. */
void review_count_first(const struct review_case *given);
#define REVIEW_FAULTS 200 /* a form has no more fields */
struct review {
    const struct review_case *given;
    struct fault fault[REVIEW_FAULTS];
    size_t faults;
    size_t at;                           /* the fault that is chosen */
    struct book_alike alike[BOOK_ALIKE]; /* requests that this one may repeat */
    size_t alikes;
    int skip, rows;  /* of the values, as in a request */
    int whole;       /* all values were asked for */
    unsigned opened; /* frames shown when it opened */
};
/* The page of the form that its own screen shows, as it stands there; returns the rows it takes, 0 =
 * it doesn't fit into so many (then nothing is painted). fill: the state of that screen. */
int fill_paint_under(struct ui *ui, void *fill, int rows);
/* Submits what is reviewed: 0 and the receipt; of SND_E_INVALID review->fault says what is wrong. It
 * may be sent again after any error but SND_E_KEPT: then it goes off by itself. */
int review_send(struct ui *ui, struct review *review, struct receipt_case *done);
/* Changes the own password to what was typed: old, new, new again. NULL = it is changed; else one
 * sentence, translated, and in *which what is to be typed again. */
enum { PASSWORD_OLD, PASSWORD_NEW, PASSWORD_AGAIN, PASSWORD_FIELDS };
const char *password_change(struct ui *ui, const char *const typed[PASSWORD_FIELDS], int *which);
const char *password_label(int which);
/* Gives the code of this moment; of a new secret the one after it, too. NULL = it is right; else one
 * sentence, translated. */
const char *code_give(struct ui *ui, char *first, char *next);
/* Why a service can't be begun here today, translated; NULL when it can. A notice that was not read
 * is no such reason. */
const char *service_why(const struct book_service *service);
/* What Enter on a service does: begins a request of it (enum begin_with), or shows its notice first,
 * or says why it can't be begun. F1 twice: its requirement sheet. F5: its form to practise with. */
unsigned service_begin(struct ui *ui, const struct book_service *service, int with);
unsigned service_sheet(struct ui *ui, const struct book_service *service);
unsigned service_practise(struct ui *ui, const struct book_service *service);
/* The list of services for another screen than the catalogue: the chosen one, or NULL and told; the
 * list anew, as the book has it now. */
const struct book_service *catalogue_chosen(struct ui *ui, const void *state);
void catalogue_load(struct ui *ui, void *state);
/* The list item of a name that is to be found by typing: folded into the arena. */
const char *item_folded(struct arena *arena, const char *a, const char *b, const char *c);
/* What a form is begun with besides nothing: the people of the request before. Or for practice. */
enum begin_with { BEGIN_EMPTY, BEGIN_SAME_PERSON, BEGIN_PRACTICE, BEGIN_CORRECTION };
/* Begins a request of the service with that code (`MZ-01`, `mz1`): 1 = there is such a service, and a
 * sentence says so if it is not open. / Of the request before: another one. */
int begin_service(struct ui *ui, const char *typed, int with);
unsigned begin_again(struct ui *ui, int with);
/* Begins the same service with all the values of that record which its form of today still has. */
unsigned begin_correction(struct ui *ui, const struct record *record);
/* That record is the one before from now on. */
void remember_record(struct ui *ui, const struct record *record);
/* Takes the digits of parked drafts from a list of all. / What the first row says of them. */
void parked_note(struct ui *ui, const struct book_draft *list, size_t count);
const char *parked_words(struct ui *ui);
/* Label: value rows of a record, by group, from `skip` on; returns all rows there are. */
int values_paint(struct ui *ui, const struct record *record, int first, int rows, int skip);
/* One value in words, in the paint's arena. */
const char *value_words(struct ui *ui, const struct field *field, const char *stored);
/* Of a request, in the paint's arena: how it stands with its agency and what was said with its
 * state ("" = nothing); one step of its history. */
const char *request_standing(struct ui *ui, const struct book_detail *detail);
const char *request_said(struct ui *ui, const struct book_detail *detail);
const char *request_step(struct ui *ui, const struct book_detail *detail,
                         const struct book_history *step);
/* Where the paper of a request ("requests", its number) or of a draft ("drafts", its file) is taken
 * out, "" for who gets none / tells it: UI_HANDLED, or UI_IGNORED. */
const char *printed_words(struct ui *ui, const char *folder, const char *name);
unsigned printed_tell(struct ui *ui, const char *folder, const char *name);
/* How its documents are taken out to be read; and what those that are here are called there, "" when
 * there is none, or for who may not. */
const char *request_way_out(struct ui *ui, const struct book_detail *detail);
const char *request_files(struct ui *ui, const struct book_document *list, size_t count);
/* What a document is: its kind, pages and size, in the arena. */
const char *document_about(struct arena *arena, const struct book_document *document);
/* What the hub's answer means, translated; NULL while there is none. */
const char *wish_sentence(const char *word);
/* What F8 offers for a document: its files, and the list for the chooser, whose last line is for a
 * paper without a file. 0 when there is nothing to take; both live in the arena. */
struct offered {
    struct book_document *document;
    struct chooser_list list;
};
int offered_make(struct ui *ui, struct arena *arena, const char *civil, struct offered *out);
/* A request's number as lists show it: without the centre where that is this person's own. */
const char *short_number(const struct ui *ui, const char *number);
/* The tail of somebody's number as a list's row has room for it, with two spaces behind it. */
const char *row_tail(const struct ui *ui, const char *tail, struct arena *arena);
/* What is said of a request of imported history, N_(). */
extern const char ui_counted[];
/* The fees in one row; returns the rows used. */
int fees_paint(struct ui *ui, int row, int64_t agency_fee, int64_t centre_fee);
#define SCREEN(name, prefix, title, help, extras)                                                  \
    int prefix##_open(struct ui *ui, const struct ui_arg *arg, void **state);                      \
    unsigned prefix##_key(struct ui *ui, void *state, const struct key_event *event);              \
    void prefix##_paint(struct ui *ui, void *state);                                               \
    void prefix##_close(struct ui *ui, void *state);
#include "ui/screens.def"
#undef SCREEN
/* What some screens do besides: the extras of its line in screens.def, told in ui_priv.h. */
void request_resume(struct ui *ui, void *state);
const char *act_name(struct ui *ui, void *state);
void act_resume(struct ui *ui, void *state);
void wishes_tick(struct ui *ui, void *state, int64_t now);
void wishes_resume(struct ui *ui, void *state);
void centre_resume(struct ui *ui, void *state);
void oversight_resume(struct ui *ui, void *state);
void oversight_entry_focus(struct ui *ui, void *state);
int oversight_entry_latin(struct ui *ui, void *state);
void conflicts_resume(struct ui *ui, void *state);
void home_tick(struct ui *ui, void *state, int64_t now);
void centres_focus(struct ui *ui, void *state);
void centres_resume(struct ui *ui, void *state);
void lines_resume(struct ui *ui, void *state);
void sendings_focus(struct ui *ui, void *state);
void sendings_resume(struct ui *ui, void *state);
void queue_focus(struct ui *ui, void *state);
void queue_resume(struct ui *ui, void *state);
void uplink_tick(struct ui *ui, void *state, int64_t now);
const char *home_more_word(struct ui *ui, void *state);
void home_more(struct ui *ui, void *state);
void home_focus(struct ui *ui, void *state);
void home_resume(struct ui *ui, void *state);
void home_heard(struct ui *ui, void *state);
void catalogue_more(struct ui *ui, void *state);
void fill_more(struct ui *ui, void *state);
void services_more(struct ui *ui, void *state);
void services_focus(struct ui *ui, void *state);
void services_resume(struct ui *ui, void *state);
void training_focus(struct ui *ui, void *state);
void ruling_focus(struct ui *ui, void *state);
int ruling_latin(struct ui *ui, void *state);
void go_focus(struct ui *ui, void *state);
void go_rest(struct ui *ui, void *state);
void catalogue_focus(struct ui *ui, void *state);
void fill_focus(struct ui *ui, void *state);
void chooser_focus(struct ui *ui, void *state);
void drafts_focus(struct ui *ui, void *state);
void requests_focus(struct ui *ui, void *state);
void trails_focus(struct ui *ui, void *state);
void verify_tick(struct ui *ui, void *state, int64_t now);
void accounts_focus(struct ui *ui, void *state);
void accounts_resume(struct ui *ui, void *state);
void account_new_focus(struct ui *ui, void *state);
int account_new_latin(struct ui *ui, void *state);
void code_focus(struct ui *ui, void *state);
int code_latin(struct ui *ui, void *state);
int code_narrow(const struct ui *ui, const void *state);
int catalogue_place(const struct ui *ui, const void *state, struct ui_arg *out);
int go_place(const struct ui *ui, const void *state, struct ui_arg *out);
int request_place(const struct ui *ui, const void *state, struct ui_arg *out);
int receipt_place(const struct ui *ui, const void *state, struct ui_arg *out);
int centre_place(const struct ui *ui, const void *state, struct ui_arg *out);
int centres_place(const struct ui *ui, const void *state, struct ui_arg *out);
int reports_place(const struct ui *ui, const void *state, struct ui_arg *out);
const char *reports_said(struct ui *ui, const struct ui_arg *arg);
int counted_place(const struct ui *ui, const void *state, struct ui_arg *out);
int requests_place(const struct ui *ui, const void *state, struct ui_arg *out);
int trail_place(const struct ui *ui, const void *state, struct ui_arg *out);
int trails_place(const struct ui *ui, const void *state, struct ui_arg *out);
void greeting_resume(struct ui *ui, void *state);
void password_focus(struct ui *ui, void *state);
void reports_focus(struct ui *ui, void *state);
void reports_resume(struct ui *ui, void *state);
void counted_focus(struct ui *ui, void *state);
int fill_latin(struct ui *ui, void *state);
int password_latin(struct ui *ui, void *state);
void fill_resume(struct ui *ui, void *state);
void news_resume(struct ui *ui, void *state);
void news_focus(struct ui *ui, void *state);
void drafts_resume(struct ui *ui, void *state);
void greeting_tick(struct ui *ui, void *state, int64_t now);
void fill_tick(struct ui *ui, void *state, int64_t now);
const char *fill_topic(struct ui *ui, void *state);
const char *fill_name(struct ui *ui, void *state);
void fill_heard(struct ui *ui, void *state);
void review_heard(struct ui *ui, void *state);
void fill_lost(struct ui *ui, void *state, int error);
#endif
