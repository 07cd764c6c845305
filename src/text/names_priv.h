/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_NAMES_PRIV_H
#define TEXT_NAMES_PRIV_H
/* Reads the names of days and months out of ICU once; 0 or SND_E_SYS. */
int names_warm(void);
#endif
