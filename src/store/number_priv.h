/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_NUMBER_PRIV_H
#define STORE_NUMBER_PRIV_H
/* Parts of a request's number: <centre>-<seven symbols>-<check>. */
#define NUMBER_SIZE 24
#define NUMBER_SYMBOLS 7
#define NUMBER_CENTRE_MAX (NUMBER_SIZE - 1 - NUMBER_SYMBOLS - 3)
/* The seven symbols in lower case, as a search word; "" when it is no number. */
void number_word(const char *number, char out[NUMBER_SYMBOLS + 1]);
#endif
