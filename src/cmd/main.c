/* SPDX-License-Identifier: Apache-2.0
 * The program: finds the subcommand in commands.def and runs it. Whatever a subcommand can do it
 * does as a client of the ledger; nothing here knows more than the table. What ICU and gettext load
 * lazily is loaded here, before any process is forked or sandboxed. */
#include <stdio.h>
#include <string.h>
#include "config.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/cmd.h"
#include "text/date.h"
#include "text/msg.h"
#include "text/text.h"

#define OFFSETS_BYTES 65536

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

/* Months of the Hijri calendar that Oman began a day earlier or later. A mistake in the file is
 * said and the calculated calendar stands. */
static void load_offsets(void)
{
    char *path = cmd_path(cmd_datadir(), "screens/lists/hijri.offsets"), *text = NULL;
    size_t len = 0;
    int line = 0;
    if (proc_read_file(path, OFFSETS_BYTES, &text, &len) == 0 &&
        date_offsets_load(text, &line) != 0)
        cmd_fail("Line %d of %s is not a month and an offset.", line, path);
    x_free(&text);
    x_free(&path);
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
        if (text_open() != 0)
            return cmd_fail("The text library could not be loaded.");
        msg_open(cmd_localedir());
        load_offsets();
        return command[i].function(argc > 1 ? argc - 1 : argc, argc > 1 ? argv + 1 : argv);
    }
    cmd_fail("There is no command \"%.40s\"; sanad help lists them.", word);
    return 2;
}
