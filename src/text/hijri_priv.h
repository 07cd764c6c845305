/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_HIJRI_PRIV_H
#define TEXT_HIJRI_PRIV_H
#include <stdint.h>
#include "base/attr.h"
/* The years for which Umm al-Qura is tabled. */
#define HIJRI_FIRST_YEAR 1300
#define HIJRI_LAST_YEAR 1600
/* One number for a year and month; the month after the last is HIJRI_MONTHS. */
#define HIJRI_MONTHS ((HIJRI_LAST_YEAR - HIJRI_FIRST_YEAR + 1) * 12)
/* Reads the month starts out of ICU once; 0 or SND_E_SYS. */
int hijri_warm(void);
/* First day of month number `month`, 0..HIJRI_MONTHS. */
int32_t hijri_start(int month);
/* The month number a day is in; -1 outside the table. */
int hijri_month_of(int32_t day);
#endif
