/* SPDX-License-Identifier: Apache-2.0
 * From an office's configuration and files to the processes that speak over the network. What is
 * missing is said before anything is started; what is lost later ends the process, and the log says
 * why.
 *
 * They, and the commands that speak over it, are another program, sanad-line beside this one: what
 * HTTP and TLS need is some thirty libraries, whose mappings every session's door and desk, forked
 * from here, would copy and pay for. */
#include "cmd/network.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/cmd.h"
#include "cmd/hub.h"

void network_close(struct network *network)
{
    proc_close(&network->hub);
    proc_close(&network->pages);
}

#define PROGRAM "sanad-line"
#define WORDS_MAX 64

/* Beside this program, wherever it was installed; yours to x_free(). */
static char *program(void)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    self[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    return x_printf("%s/" PROGRAM, self);
}

static int program_there(void)
{
    char *path = program();
    int err = access(path, X_OK);
    int status = err ? cmd_fail("%s is missing: install Sanad again.", path) : 0;
    x_free(&path);
    return status;
}

int cmd_line(int argc, char **argv)
{
    char *words[WORDS_MAX + 2] = {NULL}, *path = program();
    if (argc > WORDS_MAX)
        return cmd_fail("At most %d words can follow \"%.40s\".", WORDS_MAX - 1, argv[0]);
    words[0] = path;
    memcpy(words + 1, argv, (size_t)argc * sizeof *argv);
    (void)fflush(stdout);
    execv(path, words);
    return cmd_fail("%s could not be started: %s.", path, strerror(errno));
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
    if (!status &&
        (network->centre || network->courier || conf->hub_listen[0] || conf->public_listen[0]))
        status = program_there();
    if (!status && conf->hub_listen[0])
        status = certificate_there(office);
    if (!status && conf->hub_listen[0] && network->hub < 0)
        status = listen_at("hub_listen", conf->hub_listen, office, "run/hub_port", &network->hub);
    if (!status && conf->public_listen[0] && network->pages < 0)
        status = listen_at("public_listen", conf->public_listen, office, "run/public_port",
                           &network->pages);
    return status;
}

/* An argument that says which descriptor; the program that follows in this process has it too. */
static char *handed(int fd)
{
    if (fd >= 0 && fcntl(fd, F_SETFD, 0))
        log_warn("network.hand", "fd=%d", fd);
    return x_printf("%d", fd);
}

void network_become(const char *part, const struct network *network, const char *state, int ready)
{
    char *path = program(), *word = x_strdup(part), *folder = x_strdup(state);
    char *line = handed(network->hub), *pages = handed(network->pages), *told = handed(ready);
    char *words[] = {path, word, folder, line, pages, told, NULL};
    execv(path, words);
    log_error("network.become", "part=%s errno=%d", part, errno);
    _exit(1);
}
