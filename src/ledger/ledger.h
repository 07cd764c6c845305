/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H
/* The only owner of the database: decides who may do and see what. One process serves all
 * connections and writes (group commit); readers and password workers are its children. */
#include <stdint.h>
#include "base/attr.h"
#define LEDGER_READY 'r'
#define LEDGER_FORWARD 'f'
struct ledger_args {
    const char *db;      /* STATE/office.db */
    const char *keyring; /* STATE/keyring, or where the configuration says */
    const char *socket; /* STATE/run/ledger.sock */
    int ballast_mib;    /* room put by beside the database, 0 = none */
    int document_mib;   /* most of one document, */
    int inbox_mib;      /* of those that a centre has sent and not attached; */
    int inbox_days;     /* so long they stay */
    int silent_minutes; /* a centre not heard of for so long is silent; 0 = an hour */
    int readers;        /* 1..8 */
    int hashers;        /* 1..4 */
    int copiers;        /* 1 = a process of its own writes the log back into the file; or 0 */
    int weak;           /* sandbox where the kernel lacks a part */
    int ready;    /* descriptor to write LEDGER_READY to when connections are accepted; before, about
                     once a second, LEDGER_FORWARD while an older book comes forward; -1 = none */
    int desk_uid; /* user whose auth.key calls are believed, besides root and our own; -1 = none */
    int sync_uid, hub_uid, courier_uid; /* users who may be those parts, besides root and our own;
                                           -1 = none; 0 = not said */
};
/* Runs until SIGTERM (then commits what came and ends): 0, or an error that was logged: the disk
 * failed, or no worker could be made any more; then start it again. It enters its sandbox itself.
 * In a practice office SANAD_TODAY=YYYY-MM-DD in the environment is the business day; elsewhere
 * that is ignored, and logged. */
SND_MUST int ledger_run(const struct ledger_args *args);
#endif
