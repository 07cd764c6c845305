/* SPDX-License-Identifier: Apache-2.0
 * sanad-line: whatever of Sanad speaks HTTP. `sanad` runs it, people don't: as the processes of an
 * office that is served (the hub's web server, a centre's line to its hub, the courier to
 * agencies), and for the commands that ask somebody over the network.
 *
 * Keys and certificates are read before a process gives up its rights. */
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/cert.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "cmd/agency.h"
#include "cmd/cmd.h"
#include "cmd/hub.h"
#include "cmd/line.h"
#include "cmd/office.h"
#include "sync/courier.h"
#include "sync/sync.h"

/* What serve hands to its part: descriptors, -1 = none. */
struct given {
    int line, pages, ready;
};

SND_NORETURN static void be_hub(const struct office *office, const struct given *given)
{
    struct cert_pair own = {hub_file(office->state, HUB_CERT), hub_file(office->state, HUB_KEY)};
    struct cert_pair ca = {hub_file(office->state, HUB_CA_CERT),
                           hub_file(office->state, HUB_CA_KEY)};
    struct hub_args args = {.ledger = office->socket,
                            .line = given->line,
                            .pages = given->pages,
                            .own = &own,
                            .ca = &ca,
                            .proxy = office->conf.hub_proxy,
                            .pages_proxy = office->conf.public_proxy,
                            .source_most = (int)office->conf.hub_source,
                            .user = office->as_root ? OFFICE_HUB_USER : NULL,
                            .ready = given->ready,
                            .weak = office->weak};
    _exit(hub_run(&args) ? 1 : 0);
}

/* Where the process puts a certificate when it is renewed. */
static void hand_folder(const struct office *office, const char *folder)
{
    const struct passwd *user = office->as_root ? getpwnam(OFFICE_SYNC_USER) : NULL;
    if (user && lchown(folder, user->pw_uid, user->pw_gid))
        log_warn("sync.folder", "folder=%s", NODE_FOLDER);
}

SND_NORETURN static void be_sync(const struct office *office, const struct given *given)
{
    struct cert_pair own = {hub_file(office->state, NODE_CERT), hub_file(office->state, NODE_KEY)};
    char *folder = cmd_path(office->state, NODE_FOLDER);
    struct centre_args args = {.ledger = office->socket,
                               .url = office->conf.hub_url,
                               .folder = folder,
                               .own = &own,
                               .authority = hub_file(office->state, NODE_CA_CERT),
                               .word_ms = (int)office->conf.hub_word * 1000,
                               .user = office->as_root ? OFFICE_SYNC_USER : NULL,
                               .ready = given->ready,
                               .weak = office->weak};
    if (!own.cert || !own.key || !args.authority) {
        log_error("sync.certificate", "missing_in=%s", NODE_FOLDER);
        _exit(1);
    }
    hand_folder(office, folder);
    _exit(centre_run(&args) ? 1 : 0);
}

SND_NORETURN static void be_courier(const struct office *office, const struct given *given)
{
    char *folder = cmd_path(office->state, AGENCY_FOLDER);
    struct courier_args args = {.ledger = office->socket,
                                .folder = folder,
                                .user = office->as_root ? OFFICE_COURIER_USER : NULL,
                                .wait_ms = (int)office->conf.courier_wait,
                                .ready = given->ready,
                                .weak = office->weak};
    _exit(courier_run(&args) ? 1 : 0);
}

static const struct {
    const char *word, *name; /* as serve says it, and as ps shows it */
    SND_NORETURN void (*be)(const struct office *office, const struct given *given);
} parts[] = {{"hub", "sanad-hub", be_hub},
             {"sync", "sanad-sync", be_sync},
             {"courier", "sanad-courier", be_courier}};

static const struct {
    const char *word;
    int (*function)(int argc, char **argv);
} commands[] = {{"agency", line_agency}, {"join", line_join}};

/* A descriptor that came with the program; those that it may start don't get it. */
static int take(const char *word, int *out)
{
    int64_t fd;
    if (num_parse(word, -1, INT16_MAX, &fd) || (fd >= 0 && fcntl((int)fd, F_SETFD, FD_CLOEXEC)))
        return cmd_fail("\"%.20s\" is no open descriptor.", word);
    *out = (int)fd;
    return 0;
}

/* PART STATE LINE PAGES READY */
static int be(size_t which, int argc, char **argv)
{
    struct office office;
    struct given given;
    if (argc != 6)
        return cmd_fail("This program is run by sanad serve.");
    proc_name(parts[which].name);
    log_open("serve", LOG_LEVEL_INFO);
    if (take(argv[3], &given.line) || take(argv[4], &given.pages) || take(argv[5], &given.ready) ||
        office_read(&office, argv[2], NULL))
        return 1;
    parts[which].be(&office, &given);
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    log_open("sanad", LOG_LEVEL_INFO);
    if (cmd_begin() != 0)
        return 1;
    for (size_t i = 0; i < SND_COUNT(parts); i++)
        if (strcmp(word, parts[i].word) == 0)
            return be(i, argc, argv);
    for (size_t i = 0; i < SND_COUNT(commands); i++)
        if (strcmp(word, commands[i].word) == 0)
            return commands[i].function(argc - 1, argv + 1);
    cmd_fail("This program is run by sanad.");
    return 2;
}
