/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_SAMPLE_H
#define FORM_SAMPLE_H
#include <stddef.h>
#include <stdint.h>
#include "form/record.h"
/* Fills a record as somebody would who doesn't exist: each field that applies and is empty gets a
 * value that obeys its rules, and what stands there stays. Who it is comes from `seed`, the same one
 * from the same. Returns how many faults are left: 0 unless the form asks for what samples.def knows
 * nothing of, or what stood there is wrong. */
size_t record_sample(struct record *record, const struct rule_day *day, uint32_t seed);
#endif
