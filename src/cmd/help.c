/* SPDX-License-Identifier: Apache-2.0
 * sanad help: what each command does, from commands.def and manual.def. `sanad help --man` writes
 * the manual page from the same lines at build time, so that neither can forget a command. */
#include <stdio.h>
#include <string.h>
#include "config.h"
#include "cmd/cmd.h"

static const struct {
    const char *words, *arguments, *help;
} command[] = {
#define COMMAND(name, words, function, arguments, help) {words, arguments, help},
#include "cmd/commands.def"
#undef COMMAND
};

static const struct {
    const char *command, *arguments, *help;
} form[] = {
#define CALL(command, arguments, help) {command, arguments, help},
#define PARAGRAPH(heading, text)
#include "cmd/manual.def"
#undef CALL
#undef PARAGRAPH
};

static const struct {
    const char *heading, *text;
} paragraph[] = {
#define CALL(command, arguments, help)
#define PARAGRAPH(heading, text) {heading, text},
#include "cmd/manual.def"
#undef CALL
#undef PARAGRAPH
};

/* Text for troff: a backslash, a hyphen that must stay one, and a leading dot or quote mean
 * something to it. */
static void roff(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void roff_item(const char *words, const char *arguments, const char *help)
{
    fputs(".TP\n.B sanad ", stdout);
    roff(words);
    fputs(" \\fR", stdout);
    roff(arguments);
    putchar('\n');
    roff(help);
    putchar('\n');
}

static int manual(void)
{
    puts(".\\\" SPDX-License-Identifier: Apache-2.0");
    printf(".TH SANAD 1 \"\" \"sanad %s\" \"Sanad\"\n", PACKAGE_VERSION);
    puts(".SH NAME\nsanad \\- forms of service centres over SSH");
    puts(".SH SYNOPSIS\n.B sanad\n.I command\n.RI [ arguments ]");
    puts(".SH COMMANDS");
    for (size_t i = 0; i < SND_COUNT(command); i++) {
        roff_item(command[i].words, command[i].arguments, command[i].help);
        for (size_t k = 0; k < SND_COUNT(form); k++)
            if (strcmp(form[k].command, command[i].words) == 0) {
                fputs(".RS\n", stdout);
                roff_item(form[k].command, form[k].arguments, form[k].help);
                fputs(".RE\n", stdout);
            }
    }
    for (size_t i = 0; i < SND_COUNT(paragraph); i++) {
        if (i == 0 || strcmp(paragraph[i].heading, paragraph[i - 1].heading) != 0)
            printf(".SH %s\n", paragraph[i].heading);
        else
            puts(".PP");
        roff(paragraph[i].text);
        putchar('\n');
    }
    return fflush(stdout) == 0 ? 0 : 1;
}

static void list(void)
{
    puts("usage: sanad COMMAND ...\n");
    for (size_t i = 0; i < SND_COUNT(command); i++)
        printf("  %-12s %s\n", command[i].words, command[i].help);
    puts("\nsanad help COMMAND says more; so does the manual page sanad(1).");
}

int cmd_help(int argc, char **argv)
{
    if (cmd_flag(&argc, argv, "man"))
        return manual();
    if (argc < 2) {
        list();
        return 0;
    }
    for (size_t i = 0; i < SND_COUNT(command); i++) {
        if (strcmp(command[i].words, argv[1]) != 0)
            continue;
        printf("usage: sanad %s %s\n  %s\n", command[i].words, command[i].arguments,
               command[i].help);
        for (size_t k = 0; k < SND_COUNT(form); k++)
            if (strcmp(form[k].command, argv[1]) == 0)
                printf("\nsanad %s %s\n  %s\n", form[k].command, form[k].arguments, form[k].help);
        return 0;
    }
    return cmd_fail("There is no command \"%.40s\"; sanad help lists them.", argv[1]);
}
