/* SPDX-License-Identifier: Apache-2.0
 * sanad hub: makes an office a hub, and lets centres join it.
 *
 * The authority's key signs the certificates of the hub and of its centres. It lies in the state
 * folder so that a centre can join at any hour; it may be taken away from there (to a safe), and
 * then all goes on but joining and renewing. An invitation is shown once, to whoever asked for it:
 * what the book keeps of its secret is a hash. */
#include "cmd/hub.h"
#include "cmd/office.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cert.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/invite.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "book/feed.h"
#include "book/pass.h"
#include "book/seat.h"
#include "cmd/cmd.h"
#include "cmd/csv.h"

#define NAMES_MAX 32
#define CSV_MOST (4u << 20)
#define HOUR_MS ((int64_t)3600 * 1000)
#define INVITE_HOURS 24
#define INVITE_HOURS_MOST 72

char *hub_file(const char *state, const char *name)
{
    char *path = cmd_path(state, name), *text = NULL;
    size_t len;
    if (proc_read_file(path, CERT_MAX, &text, &len))
        text = NULL;
    x_free(&path);
    return text;
}

int hub_address_ok(const char *text)
{
    const char *colon = strrchr(text, ':');
    int64_t port;
    if (!colon || colon == text || strlen(text) > 255 || num_parse(colon + 1, 0, 65535, &port))
        return 0;
    for (const char *at = text; at < colon; at++)
        if (!isalnum((unsigned char)*at) && !strchr(".-:[]", *at))
            return 0;
    return 1;
}

static int put_file(const char *state, const char *name, const char *text)
{
    char *path = cmd_path(state, name);
    int err = proc_write_file(path, text, strlen(text), 0600);
    if (err)
        cmd_fail("%s can't be written: %s.", path, err_text(err));
    x_free(&path);
    return err;
}

static int make_folder(const char *state, const char *name)
{
    char *path = cmd_path(state, name);
    int err = mkdir(path, 0700) && errno != EEXIST ? err_from_errno(errno) : 0;
    if (err)
        cmd_fail("%s can't be made: %s.", path, err_text(err));
    x_free(&path);
    return err;
}

/* "a,b,c" in place; how many, or 0 when there are too many. */
static size_t split(char *list, const char **names)
{
    size_t count = 0;
    for (char *name; (name = strsep(&list, ",")) != NULL;) {
        if (!*name)
            continue;
        if (count == NAMES_MAX)
            return 0;
        names[count++] = name;
    }
    return count;
}

/* ---- the authority and the hub's own certificate ---- */

static int make_authority(const char *state)
{
    struct cert_pair ca = {0};
    char *name = x_printf("Sanad hub %.40s", state);
    for (char *at = name; *at; at++)
        if (*at < ' ' || *at > '~')
            *at = '_';
    int err = cert_make_ca(name, clock_utc_ms(), &ca);
    if (!err)
        err = make_folder(state, HUB_FOLDER);
    if (!err)
        err = put_file(state, HUB_CA_KEY, ca.key);
    if (!err)
        err = put_file(state, HUB_CA_CERT, ca.cert);
    cert_pair_free(&ca);
    x_free(&name);
    return err;
}

static void ca_read(const char *state, struct cert_pair *ca)
{
    *ca = (struct cert_pair){hub_file(state, HUB_CA_CERT), hub_file(state, HUB_CA_KEY)};
}

/* An authority that is there is kept: every invitation and every centre knows it. */
static int have_authority(const char *state)
{
    char *path = cmd_path(state, HUB_CA_CERT);
    int err = access(path, F_OK) == 0 ? 0 : make_authority(state);
    x_free(&path);
    return err;
}

static int make_certificate(const char *state, char *names)
{
    const char *name[NAMES_MAX];
    struct cert_pair ca, hub = {0};
    size_t count = split(names, name);
    ca_read(state, &ca);
    int status = 0, err = 0;
    if (!ca.cert || !ca.key)
        status = cmd_fail("The authority's key is not in %s/" HUB_FOLDER
                          ": bring it back there to make certificates.",
                          state);
    else if ((err = cert_make_hub(&ca, name, count, clock_utc_ms(), &hub)) == SND_E_INVALID)
        status = cmd_fail("Write host names and addresses with a comma between, as centres will "
                          "type them: --names hub.example.om,10.0.0.1");
    else if (err)
        status = cmd_fail("The authority in %s/" HUB_FOLDER " is damaged.", state);
    else if (put_file(state, HUB_KEY, hub.key) || put_file(state, HUB_CERT, hub.cert))
        status = 1;
    cert_pair_free(&hub);
    cert_pair_free(&ca);
    return status;
}

static void show_fingerprint(const char *state)
{
    struct cert_facts facts;
    char *text = hub_file(state, HUB_CA_CERT), hex[HASH_TEXT], day[11];
    if (text && cert_read(text, strlen(text), &facts) == 0) {
        hex_text(facts.fingerprint, HASH_SIZE, hex);
        clock_day_text(clock_oman_day(facts.until), day);
        printf("The authority's fingerprint is %s; it is good until %s.\n", hex, day);
    }
    x_free(&text);
}

static int configure(const char *state, const char *listen, const char *public)
{
    char *path = cmd_path(state, "sanad.conf");
    int err = conf_set(path, "hub_listen", listen);
    if (!err && public)
        err = conf_set(path, "public_listen", public);
    if (err)
        cmd_fail("%s can't be changed: %s.", path, err_text(err));
    x_free(&path);
    return err;
}

static int hub_ca(const char *state, int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[1], "init") != 0)
        return cmd_usage("hub");
    if (have_authority(state))
        return 1;
    show_fingerprint(state);
    return 0;
}

/* Whoever serves the office is told. */
static const char *from_when(const char *state)
{
    return office_tell(state) ? "now" : "its next start";
}

static int hub_init(const char *state, int argc, char **argv)
{
    const char *listen = cmd_option(&argc, argv, "listen");
    const char *public = cmd_option(&argc, argv, "public");
    char *names = cmd_option(&argc, argv, "names");
    if (argc != 1 || !listen || !names)
        return cmd_usage("hub");
    if (!hub_address_ok(listen) || (public && !hub_address_ok(public)))
        return cmd_fail("Write where the hub listens as in 0.0.0.0:8443.");
    if (have_authority(state) || make_certificate(state, names) || configure(state, listen, public))
        return 1;
    show_fingerprint(state);
    printf("This office is a hub from %s on, at %s. Keep a copy of " HUB_CA_KEY
           " apart from it: with it alone can centres go on with another hub.\n",
           from_when(state), listen);
    return 0;
}

static int hub_cert(const char *state, int argc, char **argv)
{
    char *names = cmd_option(&argc, argv, "names");
    if (argc != 1 || !names)
        return cmd_usage("hub");
    int status = make_certificate(state, names);
    if (status == 0)
        printf("The hub shows its new certificate from %s on.\n", from_when(state));
    return status;
}

/* ---- centres ---- */

/* Good for so many hours, 24 unless said otherwise. */
static int get_hours(const char *text, int64_t *until)
{
    int64_t hours = INVITE_HOURS;
    if (text && num_parse(text, 1, INVITE_HOURS_MOST, &hours))
        return cmd_fail("--hours takes a number from 1 to %d.", INVITE_HOURS_MOST);
    *until = clock_utc_ms() + hours * 3600000;
    return 0;
}

static void show_invitation(const char *centre, const struct invite *invite, int64_t until)
{
    char text[INVITE_TEXT], day[11];
    int minute = (int)((until + CLOCK_OMAN_OFFSET_MS) / 60000 % 1440);
    invite_text(invite, text);
    clock_day_text(clock_oman_day(until), day);
    printf("%s\n", text);
    printf("Read it to %s over the telephone; there it is typed: sanad join https://HUB:PORT %s\n"
           "It works once, until %s %02d:%02d.\n",
           centre, text, day, minute / 60, minute % 60);
    mem_wipe(text, sizeof text);
}

static int hub_invite(struct book *book, int argc, char **argv)
{
    const char *name = cmd_option(&argc, argv, "name"), *hours = cmd_option(&argc, argv, "hours");
    struct cert_facts facts;
    struct invite invite;
    int64_t until = 0;
    if (argc != 2)
        return cmd_usage("hub");
    if (get_hours(hours, &until))
        return 1;
    char *ca = hub_file(cmd_verb_state(), HUB_CA_CERT);
    int is_hub = ca && cert_read(ca, strlen(ca), &facts) == 0;
    x_free(&ca);
    if (!is_hub)
        return cmd_fail("This office is no hub, or its folder " HUB_FOLDER
                        " can't be read: sanad hub init makes it one.");
    invite_make(facts.fingerprint, &invite);
    int err = book_node_invite(book, argv[1], name ? name : argv[1], invite.secret, until);
    if (!err)
        show_invitation(argv[1], &invite, until);
    mem_wipe(&invite, sizeof invite);
    if (err == SND_E_BAD)
        return cmd_fail("Write the centre's code as in DA01-003.");
    return err ? cmd_fail("%s could not be invited: %s.", argv[1], err_text(err)) : 0;
}

static void moment(int64_t at, char out[25])
{
    if (at)
        clock_utc_text(at, out);
    else
        (void)str_copy(out, 25, "-");
}

static void show_node(const struct book_node *node)
{
    char seen[25], until[25];
    moment(node->seen, seen);
    moment(node->until, until);
    printf("%s\t%s\t%s\t%" PRId64 ".%" PRId64 "\t%s\t%s\n", node->centre, node->state, seen,
           node->have.epoch, node->have.seq,
           strcmp(node->state, "invited") == 0 ? until : node->program, node->name);
}

/* As the screen of centres has it: in its order, and how each stands. */
static int nodes_csv(struct book_node *list, size_t count)
{
    struct buf out = BUF_INIT(CSV_MOST);
    int64_t now = clock_utc_ms();
    nodes_sort(list, count, now);
    buf_puts(&out, CSV_MARK "centre,name,standing,heard,silent_hours,events_waiting,"
                            "documents_waiting,oldest_waiting,clock_wrong_s,program\r\n");
    for (size_t i = 0; i < count; i++) {
        const struct book_node *node = &list[i];
        char seen[25], oldest[25];
        moment(node->seen, seen);
        moment(node->oldest, oldest);
        csv_text(&out, node->centre);
        csv_text(&out, node->name);
        buf_printf(&out, "%s,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%s,%" PRId64 ",",
                   node_standing_word(node_standing(node, now)), seen,
                   node_silence(node, now) / HOUR_MS, node->events, node->documents, oldest,
                   node->skew_ms / 1000);
        csv_text(&out, node->program);
        out.len--; /* no comma at the end */
        buf_puts(&out, "\r\n");
    }
    return csv_write(&out, "-");
}

static int hub_nodes(struct book *book, int argc, char **argv)
{
    struct book_node *list = NULL;
    size_t count = 0;
    int csv = cmd_flag(&argc, argv, "csv");
    if (argc != 1)
        return cmd_usage("hub");
    struct arena *arena = arena_new();
    int err = book_node_list(book, arena, &list, &count);
    int status = !err && csv ? nodes_csv(list, count) : 0;
    for (size_t i = 0; !err && !csv && i < count; i++)
        show_node(&list[i]);
    arena_free(&arena);
    if (status)
        return status;
    return err ? cmd_fail("The centres could not be read: %s.", err_text(err)) : 0;
}

static int hub_revoke(struct book *book, int argc, char **argv)
{
    if (argc != 2)
        return cmd_usage("hub");
    int err = book_node_revoke(book, argv[1]);
    if (err == SND_E_NOTFOUND)
        return cmd_fail("%s has not joined this hub and is not invited.", argv[1]);
    return err ? cmd_fail("%s could not be revoked: %s.", argv[1], err_text(err)) : 0;
}

static void show_held(const struct book_quarantined *event)
{
    char at[25];
    moment(event->at, at);
    printf("%s.%" PRId64 ".%" PRId64 "\t%s\t%s\t%s\t%s\t%s\n", event->centre, event->epoch,
           event->seq, at, event->type, event->why, event->number, event->tail);
}

/* The one that is called CENTRE.EPOCH.SEQ, or every one for NULL. */
static int is_held(const struct book_quarantined *event, const char *name)
{
    char own[64];
    (void)str_format(own, sizeof own, "%s.%" PRId64 ".%" PRId64, event->centre, event->epoch,
                     event->seq);
    return !name || strcmp(own, name) == 0;
}

static int hub_held_do(struct book *book, const struct book_quarantined *event, const char *verb,
                       const char *reason, int *refused)
{
    if (strcmp(verb, "list") == 0) {
        show_held(event);
        return 0;
    }
    if (strcmp(verb, "close") == 0)
        return book_quarantine_close(book, event, reason);
    int err = book_quarantine_retry(book, event);
    *refused += err == SND_E_INVALID;
    return err == SND_E_INVALID ? 0 : err;
}

static int hub_quarantine(struct book *book, int argc, char **argv)
{
    const char *reason = cmd_option(&argc, argv, "reason");
    const char *verb = argc > 1 ? argv[1] : "list", *name = argc > 2 ? argv[2] : NULL;
    int close = strcmp(verb, "close") == 0, list = strcmp(verb, "list") == 0, refused = 0;
    struct book_quarantined *row = NULL;
    size_t count = 0, met = 0;
    if (argc > 3 || (!close && !list && strcmp(verb, "retry") != 0) || (list && name) ||
        close != (reason != NULL) || (close && !name))
        return cmd_usage("hub");
    struct arena *arena = arena_new();
    int err = book_quarantine_list(book, arena, &row, &count);
    for (size_t i = 0; !err && i < count; i++) {
        if (!is_held(&row[i], name))
            continue;
        met++;
        err = hub_held_do(book, &row[i], verb, reason, &refused);
    }
    arena_free(&arena);
    if (!err && name && met == 0)
        return cmd_fail("Nothing is held back under %s.", name);
    if (err == SND_E_INVALID)
        return cmd_fail("Say in a few words why it is let rest: --reason TEXT.");
    if (!err && refused)
        return cmd_fail("Of %zu held events %d still can't be applied.", met, refused);
    return err ? cmd_fail("The held events could not be read or changed: %s.", err_text(err)) : 0;
}

/* Campaigns, their seats, how many are free, and the wishes that have no answer yet. */
static int hub_seats(struct book *book, int argc, char **argv)
{
    struct book_campaign *list;
    size_t count = 0;
    (void)argv;
    if (argc != 1)
        return cmd_usage("hub");
    struct arena *arena = arena_new();
    int err = book_seat_list(book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        printf("%s\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%s\n", list[i].season, list[i].code,
               list[i].seats, list[i].free, list[i].wanted, list[i].name[LANG_AR]);
    arena_free(&arena);
    return err ? cmd_fail("The campaigns could not be read: %s.", err_text(err)) : 0;
}

static const struct cmd_verb book_verbs[] = {{"invite", hub_invite},
                                             {"nodes", hub_nodes},
                                             {"revoke", hub_revoke},
                                             {"seats", hub_seats},
                                             {"quarantine", hub_quarantine}};

static const struct hub_verb {
    const char *word;
    int (*function)(const char *state, int argc, char **argv);
} file_verbs[] = {{"ca", hub_ca}, {"init", hub_init}, {"cert", hub_cert}};

int cmd_hub(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < SND_COUNT(file_verbs); i++) {
        if (strcmp(argv[1], file_verbs[i].word) != 0)
            continue;
        const char *state = cmd_state(&argc, argv);
        return cmd_there(state) ? 1 : file_verbs[i].function(state, argc - 1, argv + 1);
    }
    return cmd_verb_run("hub", book_verbs, SND_COUNT(book_verbs), argc, argv);
}
