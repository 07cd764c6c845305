/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LEDGER_ARGS_H
#define TESTS_LEDGER_ARGS_H
/* With what each operation of the ledger is asked when it is asked rightly. */
#include "base/buf.h"
#include "tests/unit/ledger_rig.h"
/* What the arguments are made of: who asks, and what there is in the book. */
struct scene {
    const struct rig *rig;
    enum role role;
    struct id write, draft; /* draft: put before, by those who may */
    struct id notice;       /* of a service that was opened */
    char number[BOOK_NUMBER];
    int64_t opened; /* the event by which the clerk logged in */
    uint8_t ticket[32];
    char unique[BOOK_NAME];
    char *values;
};
enum args_far { NEAR, FAR };
struct args {
    /* NULL: the operation has no line. */
    void (*put)(struct buf *frame, const struct scene *scene);
    int answer; /* of who may ask */
    /* FAR: not found when the scene's number is of a request out of reach. */
    enum args_far far;
};
/* Of ledger_args_hub.def, for args_of(). */
extern const struct args args_hub[OP_COUNT];
/* Never NULL, but its put is for an operation that has no line in either table. */
const struct args *args_of(enum operation op);
/* What is asked with nothing, with the scene's request, and for the beginning of a list. */
void args_none(struct buf *frame, const struct scene *scene);
void args_number(struct buf *frame, const struct scene *scene);
void args_first_page(struct buf *frame, const struct scene *scene);
#endif
