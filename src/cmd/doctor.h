/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_DOCTOR_H
#define CMD_DOCTOR_H
/* What the checks of sanad doctor share. */
#include "base/attr.h"
#include "base/conf.h"
#include "store/keep.h"
enum doctor_level { DOCTOR_GOOD, DOCTOR_WARNING, DOCTOR_BAD };
struct json;
struct doctor {
    const char *state;
    char *db;
    struct conf conf;
    int conf_read;
    int running;          /* a ledger answers */
    struct vault *vault;  /* NULL when there is none to be had */
    struct store *store;  /* NULL when the book can't be opened */
    struct store_head head;
    struct json *list;    /* NULL = plain text */
    const char *check;    /* the one at work */
    enum doctor_level worst;
};
SND_PRINTF(3, 4) void doctor_say(struct doctor *doctor, enum doctor_level level, const char *format, ...);
/* 1 when an SSH server greets at that address within two seconds. */
int doctor_answers(const char *address, int port);
#define DOCTOR(name, function) void function(struct doctor *doctor);
#include "cmd/doctor.def"
#undef DOCTOR
#endif
