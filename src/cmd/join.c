/* SPDX-License-Identifier: Apache-2.0
 * sanad join: this office becomes a centre of a hub. The order is such that whatever ends it in the
 * middle, the same command with a new invitation goes on: first everything is had from the hub,
 * then the files are written, then the book and at last the configuration say that the office has
 * joined. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "book/feed.h"
#include "cmd/cmd.h"
#include "cmd/hub.h"
#include "cmd/join_priv.h"
#include "cmd/line.h"
#include "cmd/office.h"
#include "sync/join.h"

/* The invitation as it was typed, or the exit status with what to ask for again. */
static int read_invitation(const char *typed, struct invite *out)
{
    int group = 0;
    if (invite_read(typed, out, &group) == 0)
        return 0;
    if (group)
        return cmd_fail("Group %d of the invitation is not right: have it read again.", group);
    return cmd_fail("Write the invitation as it was read: six groups of five letters and digits.");
}

static int put(const char *state, const char *name, const char *text)
{
    char *path = cmd_path(state, name);
    int err = proc_write_file(path, text, strlen(text), 0600);
    x_free(&path);
    return err;
}

int join_keep_files(const char *state, const struct join_answer *answer)
{
    char *folder = cmd_path(state, NODE_FOLDER);
    int err = mkdir(folder, 0700) && errno != EEXIST ? err_from_errno(errno) : 0;
    if (!err)
        err = put(state, NODE_KEY, answer->own.key);
    if (!err)
        err = put(state, NODE_CERT, answer->own.cert);
    if (!err)
        err = put(state, NODE_CA_CERT, answer->authority);
    x_free(&folder);
    return err;
}

static int keep(const char *state, const struct join_answer *answer, const char *url,
                struct book *book)
{
    char *conf = cmd_path(state, "sanad.conf");
    int err = join_keep_files(state, answer);
    if (!err)
        err = book_line_join(book, url, &answer->hub);
    if (!err)
        err = conf_set(conf, "hub_url", url);
    x_free(&conf);
    return err;
}

static int join(const char *state, const char *url, const struct invite *invite, struct book *book)
{
    struct book_office office;
    struct book_feed_head head;
    struct join_answer answer = {0};
    struct join_ask ask = {.url = url, .invite = invite, .centre = office.centre};
    int err = book_office(book, &office);
    if (!err)
        err = book_feed_head(book, NULL, &head);
    if (!err)
        err = book_line_key(book, ask.sign_key);
    if (err)
        return cmd_fail("The office could not be asked: %s.", err_text(err));
    ask.node = head.node;
    enum join_fault fault = join_hub(&ask, &answer);
    if (fault)
        return cmd_fail("%s", join_sentence(fault));
    err = keep(state, &answer, url, book);
    if (err)
        cmd_fail(
            "The hub has taken this office, but it could not be written down here (%s). See to "
            "it and join again with a new invitation.",
            err_text(err));
    else
        printf("The office %s (%s) has joined the hub at %s. What it has done goes there from %s "
               "on.\n",
               office.centre, answer.name, url, office_tell(state) ? "now" : "its next start");
    join_free(&answer);
    return err ? 1 : 0;
}

static int read_typed(char **argv, struct join_typed *out)
{
    if (str_copy(out->url, sizeof out->url, argv[1]))
        return cmd_fail("%s", join_sentence(JOIN_URL));
    while (*out->url && out->url[strlen(out->url) - 1] == '/')
        out->url[strlen(out->url) - 1] = '\0';
    return read_invitation(argv[2], &out->invite);
}

int line_join(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv), *lost = cmd_option(&argc, argv, "restore");
    struct join_typed typed;
    struct book *book = NULL;
    int status = 1;
    if (argc != 3)
        return cmd_usage("join");
    if (read_typed(argv, &typed))
        return 1;
    if (lost)
        status = join_regain(state, lost, &typed);
    else if (cmd_book_open(state, &book) == 0)
        status = join(state, typed.url, &typed.invite, book);
    cmd_book_close(&book);
    mem_wipe(&typed, sizeof typed);
    return status;
}
