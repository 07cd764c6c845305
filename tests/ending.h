/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENDING_H
#define TESTS_ENDING_H
/* What everything must be like when a fault is over, the same after each of tests/faults.tsv. */
#include <stddef.h>
#include <stdint.h>
struct store;
struct ending {
    long lost, twice;          /* acknowledged events that are not there, or more than once */
    long chain, tally, replay; /* findings of checks */
    long books;                /* that were checked */
    int64_t requests;          /* of the last of them */
};
/* Checks a book; that it can't be checked is a finding. */
void ending_check(struct ending *ending, struct store *store);
/* A book of one office: each of the numbers that clerks were told ("" = none), `stride` bytes
 * apart, is in it, and no other request is. */
void ending_told(struct ending *ending, struct store *store, const char *number, size_t stride,
                 size_t count);
/* A hub's book and that of a centre whose clerks were told of `made` requests: each event of the
 * centre's own is at the hub as it is here, and each request once. */
void ending_compare(struct ending *ending, struct store *hub, struct store *centre, int64_t made);
/* One point for each number in `faults` ("9 10"): "fault 9 ends: ..." */
void ending_say(const struct ending *ending, const char *faults);
#endif
