/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_READ_PRIV_H
#define FORM_READ_PRIV_H
/* Reading a form in two passes: lines.c turns text into parts (the form, its groups, its fields,
 * each with what was said and where), build.c turns parts into a struct form, check.c judges it
 * whole. source.c knows lines, columns and complaints, for lists too. */
#include "base/mem.h"
#include "form/expr.h"
#include "form/form.h"

#define READ_FAULTS 50
#define READ_BYTES (256 * 1024)
#define READ_LINE 1000 /* bytes of a line */
#define READ_WORDS 10  /* words of a statement that anything looks at */
#define READ_FIELDS 200
#define READ_GROUPS 40
#define READ_CHOICES 2000
#define READ_DATED 40        /* dated lines of one sort */
#define READ_LINE_COLUMNS 76 /* of a help line or message, on a screen of 80 */
#define READ_TEXT 160        /* characters of a label, title, help line or message */

/* A text being read line by line, and the complaints about it. */
struct source {
    struct arena *keep; /* what was read lives here */
    struct arena *said; /* the complaints' sentences live here */
    char *rest;         /* what isn't read yet */
    char *text;         /* the line at hand, without spaces at its ends */
    int line;           /* its number, from 1 */
    int indent;         /* columns taken off before it */
    size_t faults;
    struct form_fault fault[READ_FAULTS];
};
/* A word or a trimmed piece of a line. */
struct word {
    char *text; /* in the source's `keep` */
    int column;
};

/* Begins; a complaint (and nothing to read) when the bytes can't be a form at all. */
void source_open(struct source *source, const char *text, size_t len, struct arena *keep,
                 struct arena *said);
/* The next line that isn't blank or a comment, in ->text; 0 at the end. Unclean lines are
 * complained of and passed over. */
int source_next(struct source *source);
SND_PRINTF(4, 5)
void source_complain(struct source *source, int line, int column, const char *format, ...);
/* Column of a place in the line at hand. */
int source_column(const struct source *source, const char *at);
/* The words of the line at hand; returns how many, at most READ_WORDS. */
int source_words(struct source *source, struct word words[READ_WORDS]);
/* `verb VALUE | عربي | English`: complains and returns 0 when that isn't what stands there. */
int source_choice(struct source *source, struct choice *out);
/* Judges a text for people in one language: complains and returns 0. */
int source_says(struct source *source, struct word said, enum lang lang);
/* A key, [a-z][a-z0-9_]*, or a code with capitals, digits and `-`: 1 = well formed. */
int source_is_key(const char *text);
int source_is_code(const char *text);
/* Sorted by line, in `said`. */
const struct form_fault *source_faults(struct source *source);

/* Reads a list's text; NULL when there were complaints. */
const struct choices *lists_read(struct source *source, const char *name);

enum where { IN_FORM = 1, IN_GROUP = 2, IN_FIELD = 4 };
enum property {
#define PROPERTY(name, word, where, what, must) SAID_##name,
#include "form/property.def"
#undef PROPERTY
    SAID_COUNT
};
/* What a line said: the text after `=`. Without text but with a line: it was there and wrong. */
struct said {
    const char *text;
    int line, column;
};
/* The form itself, one group or one field. */
struct part {
    enum where where;
    const char *key;
    int line;
    int group, page;        /* of a field its group, of a group its page */
    size_t choice, choices; /* its `choice` lines in the reader's */
    struct said said[SAID_COUNT];
};
struct reader {
    struct source source;
    struct part *part; /* part[0] is the form */
    size_t parts, part_room;
    struct choice *choice;
    size_t choices, choice_room;
    struct form *form;
    form_list_find *find;
    void *find_arg;
    int page;      /* number of the page at hand */
    int lost;      /* after a wrong [section]: what follows is passed over */
    int page_line; /* line of a [page] that has no group yet, or 0 */
    size_t groups, fields;
    const char *missing; /* names of lists that were not found, */
    int missing_line, missing_column; /* and where the first was named */
    struct span span[READ_DATED];
    struct season season[READ_DATED];
    struct area area[READ_DATED];
    struct fee fee[READ_DATED];
};
/* Pass one. */
void lines_read(struct reader *reader);
/* What a statement does with its words, which have its shape already. */
typedef void statement_read(struct reader *reader, const struct word *word);
statement_read dated_open, dated_season, dated_area, dated_fee;
/* Pass two. Complaints in the source; the form may be incomplete when there were any. */
void build_form(struct reader *reader);
/* Pass three, of a form without complaints: names that must be fields, values that no list has,
 * the order of the expressions. */
void check_form(struct reader *reader);
/* Of pass three: who the fields speak of. */
void party_gather(struct reader *reader);
const char *property_word(enum property property);
#endif
