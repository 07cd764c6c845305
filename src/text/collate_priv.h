/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_COLLATE_PRIV_H
#define TEXT_COLLATE_PRIV_H
/* Opens the collator; 0 or SND_E_SYS. */
int collate_warm(void);
#endif
