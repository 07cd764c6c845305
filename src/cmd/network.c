/* SPDX-License-Identifier: Apache-2.0
 * From an office's configuration and files to the processes of the line. What is missing is said
 * before anything is started; what is lost later ends the process, and the log says why. */
#include "cmd/network.h"
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/cert.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/agency.h"
#include "cmd/cmd.h"
#include "cmd/hub.h"
#include "sync/courier.h"
#include "sync/sync.h"

void network_close(struct network *network)
{
    proc_close(&network->hub);
    proc_close(&network->pages);
}

/* "address:port", the address in brackets when it has colons of its own. */
static int listen_at(const char *key, const char *where, const struct office *office,
                     const char *file, int *out)
{
    const char *colon = strrchr(where, ':');
    char number[16];
    int port = 0;
    if (!colon)
        return cmd_fail("`%s = %s` in sanad.conf is no address:port.", key, where);
    size_t len = (size_t)(colon - where);
    int brackets = len > 2 && where[0] == '[' && where[len - 1] == ']';
    char *address = x_strndup(where + brackets, len - 2 * (size_t)brackets);
    int status = office_listen(key, address, colon + 1, out, &port);
    x_free(&address);
    if (status)
        return status;
    (void)str_format(number, sizeof number, "%d\n", port);
    char *path = cmd_path(office->state, file);
    int err = proc_write_file(path, number, strlen(number), 0644);
    x_free(&path);
    return err ? cmd_fail("The folder %s/run can't be written.", office->state) : 0;
}

/* Started by root, each becomes a user of its own. */
static int user_there(const struct office *office, const char *user)
{
    if (!office->as_root || getpwnam(user))
        return 0;
    return cmd_fail("The service user %s is missing: useradd --system %s", user, user);
}

static int certificate_there(const struct office *office)
{
    char *cert = hub_file(office->state, HUB_CERT), *key = hub_file(office->state, HUB_KEY),
         *ca = hub_file(office->state, HUB_CA_CERT);
    int there = cert && key && ca;
    x_free(&cert);
    x_free(&key);
    x_free(&ca);
    return there ? 0
                 : cmd_fail("The hub's certificate is missing in %s/" HUB_FOLDER
                            ": sanad hub init makes it.",
                            office->state);
}

int network_open(struct network *network, const struct office *office)
{
    const struct conf *conf = &office->conf;
    int status = 0;
    network->centre = conf->hub_url[0] != '\0';
    network->courier = !network->centre && (conf->hub_listen[0] || conf->courier);
    if (conf->hub_listen[0] || conf->public_listen[0])
        status = user_there(office, OFFICE_HUB_USER);
    if (!status && network->centre)
        status = user_there(office, OFFICE_SYNC_USER);
    if (!status && network->courier)
        status = user_there(office, OFFICE_COURIER_USER);
    if (!status && conf->hub_listen[0])
        status = certificate_there(office);
    if (!status && conf->hub_listen[0])
        status = listen_at("hub_listen", conf->hub_listen, office, "run/hub_port", &network->hub);
    if (!status && conf->public_listen[0])
        status = listen_at("public_listen", conf->public_listen, office, "run/public_port",
                           &network->pages);
    return status;
}

void network_be_hub(struct network *network, const struct office *office, int ready)
{
    struct cert_pair own = {hub_file(office->state, HUB_CERT), hub_file(office->state, HUB_KEY)};
    struct cert_pair ca = {hub_file(office->state, HUB_CA_CERT),
                           hub_file(office->state, HUB_CA_KEY)};
    struct hub_args args = {.ledger = office->socket,
                            .line = network->hub,
                            .pages = network->pages,
                            .own = &own,
                            .ca = &ca,
                            .proxy = office->conf.hub_proxy,
                            .source_most = (int)office->conf.hub_source,
                            .user = office->as_root ? OFFICE_HUB_USER : NULL,
                            .ready = ready,
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

void network_be_sync(const struct office *office, int ready)
{
    struct cert_pair own = {hub_file(office->state, NODE_CERT), hub_file(office->state, NODE_KEY)};
    char *folder = cmd_path(office->state, NODE_FOLDER);
    struct centre_args args = {.ledger = office->socket,
                               .url = office->conf.hub_url,
                               .folder = folder,
                               .own = &own,
                               .authority = hub_file(office->state, NODE_CA_CERT),
                               .user = office->as_root ? OFFICE_SYNC_USER : NULL,
                               .ready = ready,
                               .weak = office->weak};
    if (!own.cert || !own.key || !args.authority) {
        log_error("sync.certificate", "missing_in=%s", NODE_FOLDER);
        _exit(1);
    }
    hand_folder(office, folder);
    _exit(centre_run(&args) ? 1 : 0);
}

void network_be_courier(const struct office *office, int ready)
{
    char *folder = cmd_path(office->state, AGENCY_FOLDER);
    struct courier_args args = {.ledger = office->socket,
                                .folder = folder,
                                .user = office->as_root ? OFFICE_COURIER_USER : NULL,
                                .wait_ms = (int)office->conf.courier_wait,
                                .ready = ready,
                                .weak = office->weak};
    _exit(courier_run(&args) ? 1 : 0);
}
