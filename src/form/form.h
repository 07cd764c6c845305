/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_FORM_H
#define FORM_FORM_H
/* A form as read from its `.form` text: what screens/README.md describes, as data. Immutable once
 * read; everything in it lives as long as the form. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/hash.h"
#include "text/layout.h"
#include "text/msg.h"

enum field_kind {
#define FIELD_KIND(name, word, dir, max, fixed) FIELD_##name,
#include "form/kinds.def"
#undef FIELD_KIND
    FIELD_KINDS
};
struct expr;  /* form/expr.h */
struct party; /* form/party.h */

/* One thing to choose: `value` is stored, `label` is read. */
struct choice {
    const char *value;
    const char *label[LANG_COUNT];
    const char *group; /* value of the list's group (a wilayat's governorate), or NULL */
};
/* A list of choices, written in the form or taken from screens/lists/<name>.list. */
struct choices {
    const char *name; /* file's name without .list, or NULL when written in the form */
    const struct choice *item;
    size_t count;
    const struct choice *group; /* the groups that items name (governorates), in order */
    size_t groups;
};
enum field_need { NEED_NO, NEED_YES, NEED_IF }; /* NEED_IF: `required` is an expression */
struct field {
    const char *key;
    enum field_kind kind;
    const char *label[LANG_COUNT];
    const char *help[LANG_COUNT]; /* the form's, else the kind's own; never NULL */
    enum field_need need;
    const struct expr *required;   /* when need is NEED_IF */
    const struct expr *relevant;   /* NULL = always; a hidden field must be empty */
    const struct expr *constraint; /* NULL = only the kind's own rule; `.` is the value */
    const char *message[LANG_COUNT]; /* said when the constraint fails */
    const struct expr *calculate;  /* the value is made, not typed */
    const struct expr *otherwise;  /* default: what stands there at first */
    const struct choices *choices; /* of kinds choice and wilayat; NULL otherwise */
    const char *person;            /* what it says of whom, "agent.name"; NULL = of nobody */
    int max;                       /* most characters; 0 = the kind's own */
    int group;                     /* index into form->group */
    int line;                      /* where the form says it */
};
/* A heading over fields; a group may begin a page. */
struct group {
    const char *key;
    const char *title[LANG_COUNT];
    int page; /* 0, 1, 2 ... */
};
/* A fee from a day on (until the next line of the same payee). */
struct fee {
    int32_t from;       /* day number */
    int64_t agency;     /* baisa */
    int64_t centre;     /* baisa */
};
/* Where a service is offered, and open when: both dated lines. */
enum service_state {
    SERVICE_LIVE,
    SERVICE_NEXT,
    SERVICE_SUSPENDED,
    SERVICE_CLOSED,
    SERVICE_LINKING,    /* its agency's line is being set up */
    SERVICE_ANNOUNCED,  /* its sector has said that it joins, and has not */
    SERVICE_OFF_SEASON, /* live, on a day outside its seasons; no form says this word */
    SERVICE_STATES
};
struct span {
    int32_t from;
    enum service_state state;
};
/* Days of every year on which a live service is open, both ends included: month * 100 + day. An end
 * before its beginning lies in the next year. */
struct season {
    int hijri; /* 1 = months of the Hijri year */
    int from, to;
};
struct area {
    int32_t from;
    const char *centre;  /* area that centres must lie in, see area_holds() */
    const char *subject; /* and the property (field of kind wilayat named by the form), or ALL */
};
struct form {
    const char *code;    /* MZ-01 */
    int version;
    const char *agency;  /* MZEC */
    const char *title[LANG_COUNT];
    const char *about[LANG_COUNT];
    const char *applicant_civil; /* key of the field that holds the applicant's civil number, name, mobile */
    const char *applicant_name;
    const char *applicant_mobile;
    const struct party *party; /* who it is about: the applicant first */
    size_t parties;
    int duplicate; /* days in which another request of the same person may be the same one */
    const char *seat, *seat_also; /* keys of the fields of kind choice that name the campaign whose seat is
                                    wanted, and another one; or NULL */
    const char *proof; /* key of the field of kind longtext that is printed and signed before it appears, or NULL */
    const char *subject; /* key of the field of kind wilayat that `area` speaks of, or NULL */
    const struct span *span;
    size_t spans;
    const struct season *season; /* none = open all year */
    size_t seasons;
    const struct area *area;
    size_t areas;
    const struct fee *fee;
    size_t fees;
    const struct expr *rate; /* rials on top of the agency's fee, see record_fee(); NULL = none */
    int target;          /* target time: a number of ... */
    char target_unit;    /* 'd' working days, 'h' hours, 'm' minutes; without a number: 's' with the
                            season, 'q' by turn in the queue */
    const struct group *group;
    size_t groups;
    int pages;
    const struct field *field;
    size_t fields;
    const int *order;    /* field indexes in an order in which every expression sees its inputs done */
    uint8_t sha[HASH_SIZE]; /* of the text, byte for byte */
    const char *text;    /* the text itself */
};

/* A complaint about a form's text: file, line and column from 1, and one sentence that says what
 * to do. */
struct form_fault {
    int line, column;
    const char *sentence;
};
/* Where a form finds the lists it names: the text of screens/lists/<name>.list, or NULL. Borrowed
 * until form_read() returns. */
typedef const char *form_list_find(void *arg, const char *name);

/* Reads a form. On SND_E_BAD *faults (in `arena`) has every complaint, at most 50, in line order.
 * Never crashes, whatever the text. Free with form_free(). */
SND_MUST int form_read(const char *text, size_t len, form_list_find *find, void *arg, struct arena *arena,
                       struct form **out, const struct form_fault **faults, size_t *count);
void form_free(struct form **form);
/* Reads the text of a list file the same way (`sanad form check x.list`), into the arena. */
SND_MUST int form_list_read(const char *text, size_t len, struct arena *arena,
                            const struct choices **out, const struct form_fault **faults,
                            size_t *count);
/* Where the text of a form or list says what a screen has shown: the place of the longest text for
 * people in it that is part of `shown`. Returns that text's length in bytes, 0 = none. */
size_t form_locate(const char *file, const char *shown, int *line, int *column);

/* Index of a field by its key, or -1. */
int form_field(const struct form *form, const char *key);
/* What holds on a day: state of the service (next before its first day, OFF_SEASON for a live one
 * outside its seasons), area, fee (the first ones
 * hold before their day too). Never NULL for a form that was read. */
enum service_state form_state(const struct form *form, int32_t day);
/* The first day after that one on which it is live; 0 when its lines know of none. */
int32_t form_opens(const struct form *form, int32_t day);
/* The day since which it has been said to come (next, linking, announced), as it is on that day; 0
 * when that isn't said of it, or nobody wrote since when. */
int32_t form_promised(const struct form *form, int32_t day);
const struct area *form_area(const struct form *form, int32_t day);
const struct fee *form_fee(const struct form *form, int32_t day);
/* 1 when a place in this wilayat (code such as DA01) lies in that area: a name of area.def (ALL, MA,
 * NOT_MA, MZ1, MZAREA) or codes of governorates and wilayats joined by `+` (ZU+WU02). */
int area_holds(const char *area, const char *wilayat);
int area_known(const char *area);
/* One sentence that says what the area is, an English id of the catalogue; never NULL. */
const char *area_text(const char *area);
const char *field_kind_word(enum field_kind kind);
/* One sentence on how values of the kind are written: what a form without help of its own says. */
const char *field_kind_help(enum field_kind kind, enum lang lang);
enum text_dir field_dir(const struct field *field);
int field_max(const struct field *field);
int field_fixed(const struct field *field); /* length at which it leaves by itself, or 0 */
#endif
