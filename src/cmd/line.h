/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_LINE_H
#define CMD_LINE_H
/* Commands of sanad that are carried out by sanad-line; as any command. */
int line_agency(int argc, char **argv);
int line_join(int argc, char **argv);
#endif
