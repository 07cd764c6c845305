/* SPDX-License-Identifier: Apache-2.0
 * The program: finds the subcommand in commands.def and runs it. Whatever a subcommand can do it
 * does as a client of the ledger; nothing here knows more than the table. */
#include <stdio.h>
#include <string.h>
#include "config.h"
#include "base/log.h"
#include "base/mem.h"
#include "cmd/cmd.h"

static const struct {
    const char *words;
    int (*function)(int argc, char **argv);
} command[] = {
#define COMMAND(name, words, function, arguments, help) {words, function},
#include "cmd/commands.def"
#undef COMMAND
};

static const char *const aliases[][2] = {{"--help", "help"}, {"-h", "help"}};

static const char *unalias(const char *word)
{
    for (size_t i = 0; i < SND_COUNT(aliases); i++)
        if (strcmp(word, aliases[i][0]) == 0)
            return aliases[i][1];
    return word;
}

int main(int argc, char **argv)
{
    log_open("sanad", LOG_LEVEL_INFO);
    const char *word = argc > 1 ? unalias(argv[1]) : "help";
    /* sanad user --help is sanad help user. */
    char name[] = "help", *help[] = {name, argc > 1 ? argv[1] : NULL, NULL};
    if (argc == 3 && strcmp(unalias(argv[2]), "help") == 0 && strcmp(word, "help") != 0)
        return cmd_help(2, help);
    if (strcmp(word, "--version") == 0)
        return printf("sanad %s\n", PACKAGE_VERSION) < 0;
    for (size_t i = 0; i < SND_COUNT(command); i++) {
        if (strcmp(word, command[i].words) != 0)
            continue;
        if (cmd_begin() != 0)
            return 1;
        return command[i].function(argc > 1 ? argc - 1 : argc, argc > 1 ? argv + 1 : argv);
    }
    cmd_fail("There is no command \"%.40s\"; sanad help lists them.", word);
    return 2;
}
