/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_SUBMISSION_PRIV_H
#define LEDGER_SUBMISSION_PRIV_H
#include "ledger/op_priv.h"
/* Somebody's request before it is one: who is said to make it, where and when. */
struct submission {
    struct id id;
    uint8_t sha[HASH_SIZE];
    char *values;
    char account[BOOK_NAME], centre[16];
    char desk[STORE_SCOPE]; /* the agency whose joint desk it is, "" = none */
    char channel[8];        /* said by whoever prepared it, "" = follows from the desk */
    struct store_actor actor;
};
/* Judges it from its values alone and keeps it: then its receipt is put (text number, i64 fee of the
 * agency, i64 fee of the centre, u8 disk is low). SND_E_INVALID: the faults are; SND_E_CLOSED,
 * SND_E_NOTFOUND: there is no such form; SND_E_BAD: these are no values of it. */
SND_MUST int call_submit(struct call *call, const struct submission *sub);
#endif
