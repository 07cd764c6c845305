/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H
/* Once per process, before it is sandboxed: loads everything ICU would load lazily (collator,
 * normaliser, calendars, joining tables). 0 or SND_E_SYS. */
int text_open(void);
#endif
