/* SPDX-License-Identifier: Apache-2.0
 * The load driver's loop and its command line. */
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include "base/num.h"
#include "tests/bench/load.h"

#define EVENTS 512
#define SWEEP 0.05 /* seconds between looks at sessions that no event woke: a net, not the work */
#define TOGETHER 0.002 /* seconds */

struct load load = {.options = {.host = "127.0.0.1",
                                .user = "test",
                                .port = 22,
                                .sessions = 1,
                                .rows = 24,
                                .cols = 80,
                                .forms = 1,
                                .mss = 1360,
                                .keys_a_second = 5,
                                .jitter = 0.3,
                                .ramp = 20,
                                .timeout = 60,
                                .think = 1,
                                .careful = true,
                                .term = "xterm-256color",
                                .label = ""}};

int span_find(const char *name)
{
    for (int i = 0; i < load.spans; i++) {
        if (strcmp(load.span[i].name, name) == 0)
            return i;
    }
    if (load.spans == (int)SND_COUNT(load.span))
        load_die("too many spans");
    load.span[load.spans].name = x_strdup(name);
    return load.spans++;
}

void span_add(int number, const struct counts *from, const struct counts *to)
{
    struct span *span = &load.span[number];
    samples_add(&span->ms, (to->at - from->at) * 1e3);
    samples_add(&span->received, (double)(to->received - from->received));
    samples_add(&span->sent, (double)(to->sent - from->sent));
    samples_add(&span->segments_in, (double)(to->segments_in - from->segments_in));
    samples_add(&span->segments_out, (double)(to->segments_out - from->segments_out));
    samples_add(&span->keys, (double)(to->keys - from->keys));
    samples_add(&span->screen, (double)(to->screen - from->screen));
}

static void pause_ms(long ms)
{
    struct timespec gap = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&gap, NULL);
}

/* Everyone stands at the same `sample`: weigh the server, then let them go on. */
static void weigh_and_release(double begun, int live)
{
    struct options *o = &load.options;
    int at = -1;
    pause_ms(300);
    for (int i = 0; i < o->sessions && at < 0; i++) {
        if (load.session[i].stage == STAGE_PLAY)
            at = load.session[i].at;
    }
    if (at >= 0 && load.weighings < (int)SND_COUNT(load.weighing)) {
        struct weighing *weighing = &load.weighing[load.weighings++];
        *weighing = (struct weighing){load.script.step[at].text, tree_weigh(o->root, o->roots),
                                      live, load_now() - begun};
    }
    for (int i = 0; i < o->sessions; i++) {
        struct session *session = &load.session[i];
        if (session->stage != STAGE_PLAY || !session->parked)
            continue;
        session->released = true;
        session->parked = false;
        session_play(session);
    }
}

/* Those that are due are looked for together: to look at thousands for each key is the driver's
 * whole work. A key that leaves so much later is measured from then on. */
static double next_due(double now, double next_start, double looked)
{
    double due = fmin(now + SWEEP, fmax(load.soonest, looked + TOGETHER));
    return load.started < load.options.sessions ? fmin(due, next_start) : due;
}

static void take_events(const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        struct session *session = &load.session[events[i].data.u32];
        if (session->stage == STAGE_OVER || session->fd < 0)
            continue;
        if (!load.options.command && session->stage >= STAGE_KEX && (events[i].events & EPOLLOUT)) {
            bool pending = ssh_get_poll_flags(session->ssh) & SSH_WRITE_PENDING;
            if (pending != session->want_out) {
                session->want_out = pending;
                session_arm(session);
            }
        }
        session_step(session);
    }
}

struct tally {
    int live, parked;
};

static struct tally look_around(double now, bool sweep, bool wide)
{
    struct tally tally = {0};
    load.soonest = INFINITY;
    for (int i = 0; i < load.started; i++) {
        struct session *session = &load.session[i];
        if (session->stage == STAGE_OVER)
            continue;
        tally.live++;
        tally.parked += session->stage == STAGE_PLAY && session->parked;
        if (session->stage == STAGE_PLAY && session->due > 0 && session->due <= now)
            session_play(session);
        else if ((sweep && (session->stage != STAGE_PLAY || session->closed)) ||
                 (wide && session->queued))
            session_step(session);
        if (session->stage == STAGE_PLAY && session->due > 0)
            load.soonest = fmin(load.soonest, session->due);
    }
    return tally;
}

static void drive(void)
{
    struct epoll_event events[EVENTS];
    double begun = load_now(), next_start = begun, swept = begun, widely = begun, looked = begun;
    for (;;) {
        double now = load_now(), wait = fmax(0, next_due(now, next_start, looked) - now);
        struct timespec timeout = {(time_t)wait, (long)((wait - floor(wait)) * 1e9)};
        int count = epoll_pwait2(load.epoll, events, EVENTS, &timeout, NULL);
        double woke = load_now();
        take_events(events, count);
        for (now = load_now(); load.started < load.options.sessions && next_start <= now;
             next_start += 1 / load.options.ramp)
            session_start(&load.session[load.started]);
        bool sweep = now - swept > SWEEP, wide = now - widely > 1;
        swept = sweep ? now : swept;
        widely = wide ? now : widely;
        if (sweep || wide || now >= fmax(load.soonest, looked + TOGETHER)) {
            struct tally tally = look_around(now, sweep, wide);
            looked = now;
            if (load.started == load.options.sessions && tally.live == 0)
                break;
            if (load.started == load.options.sessions && tally.parked == tally.live) {
                weigh_and_release(begun, tally.live);
                continue;
            }
        }
        load.busy += load_now() - woke;
        if (count > 0)
            samples_add(&load.loop, (load_now() - woke) * 1e3);
    }
    load.wall = load_now() - begun;
}

static const char usage[] =
    "usage: sshload [options] SCRIPT\n"
    "  --host IP (127.0.0.1) --port N --user NAME (${n} = session)  --password PW | --key FILE\n"
    "  --exec 'CMD'        a command under a pty instead of SSH; ${n} = session\n"
    "  -n, --sessions N    sessions at once (1)            --ramp R     new sessions a second "
    "(20)\n"
    "  --forms K           times round the loop (1)        --kps R      keys a second (5)\n"
    "  --jitter F          part of a key gap (0.3)         --think F    factor on each think (1)\n"
    "  --seed N            the same gaps and thoughts each time\n"
    "  --blind             settle does not wait            --compress   zlib@openssh.com\n"
    "  --ciphers LIST      --mss N (1360; 0 = leave)       --size CxR (80x24)  --term NAME\n"
    "  --sources N         from so many addresses, 127.1.0.1 and on\n"
    "  --env-lang          send LANG=C.UTF-8               --timeout S  for one wait (60)\n"
    "  --lines             no terminal there (ssh -T): lines are edited and echoed here\n"
    "  --server-pid P      root of a tree to weigh (repeatable)\n"
    "  -D NAME=VALUE       script variable                 --label TEXT\n"
    "  --json              JSON on standard output         -v           show screens\n";

static int whole(const char *text, int64_t min, int64_t max)
{
    int64_t number;
    if (num_parse(text, min, max, &number))
        load_die("not a number within bounds: %s", text);
    return (int)number;
}

static double real(const char *text)
{
    char *end;
    double number = strtod(text, &end);
    if (*end || number < 0)
        load_die("not a number: %s", text);
    return number;
}

static void define(char *text)
{
    char *equals = strchr(text, '=');
    if (!equals)
        load_die("-D wants NAME=VALUE");
    *equals = '\0';
    script_set(text, equals + 1, true);
}

static void size_of(const char *text)
{
    struct options *o = &load.options;
    if (sscanf(text, "%dx%d", &o->cols, &o->rows) != 2 || o->cols < 1 || o->rows < 1 ||
        o->cols > LOAD_COLS || o->rows > LOAD_ROWS)
        load_die("--size wants COLSxROWS");
}

enum {
    HOST = 256,
    PORT,
    USER,
    PASSWORD,
    KEYFILE,
    EXEC,
    RAMP,
    FORMS,
    KPS,
    JITTER,
    THINK,
    SEED,
    BLIND,
    COMPRESS,
    CIPHERS,
    MSS,
    SIZE,
    TERMINAL,
    LANGUAGE,
    TIMEOUT,
    SERVER,
    SOURCES,
    LABEL,
    JSON,
    LINES
};

static void take_option(int option, char *value)
{
    struct options *o = &load.options;
    switch (option) {
    case HOST:
        o->host = value;
        break;
    case PORT:
        o->port = whole(value, 1, 65535);
        break;
    case USER:
        o->user = value;
        break;
    case PASSWORD:
        o->password = value;
        break;
    case KEYFILE:
        o->key = value;
        break;
    case EXEC:
        o->command = value;
        break;
    case 'n':
        o->sessions = whole(value, 1, 20000);
        break;
    case RAMP:
        o->ramp = real(value);
        break;
    case FORMS:
        o->forms = whole(value, 1, 1000000);
        break;
    case KPS:
        o->keys_a_second = real(value);
        break;
    case JITTER:
        o->jitter = real(value);
        break;
    case THINK:
        o->think = real(value);
        break;
    case SEED:
        o->seed = (uint64_t)whole(value, 1, INT32_MAX);
        break;
    case BLIND:
        o->careful = false;
        break;
    case COMPRESS:
        o->compress = true;
        break;
    case LINES:
        o->lines = true;
        break;
    case CIPHERS:
        o->ciphers = value;
        break;
    case MSS:
        o->mss = whole(value, 0, 65535);
        break;
    case SIZE:
        size_of(value);
        break;
    case TERMINAL:
        o->term = value;
        break;
    case LANGUAGE:
        o->send_lang = true;
        break;
    case TIMEOUT:
        o->timeout = real(value);
        break;
    case SERVER:
        if (o->roots < LOAD_ROOTS)
            o->root[o->roots++] = whole(value, 1, INT32_MAX);
        break;
    case SOURCES:
        o->sources = whole(value, 1, 10000);
        break;
    case LABEL:
        o->label = value;
        break;
    case JSON:
        o->json = true;
        break;
    case 'v':
        o->verbose = true;
        break;
    case 'D':
        define(value);
        break;
    default:
        fputs(usage, option == 'h' ? stdout : stderr);
        exit(option == 'h' ? 0 : 2);
    }
}

static void take_options(int argc, char **argv)
{
    static const struct option table[] = {
        {"host", 1, 0, HOST},         {"port", 1, 0, PORT},
        {"user", 1, 0, USER},         {"password", 1, 0, PASSWORD},
        {"key", 1, 0, KEYFILE},       {"exec", 1, 0, EXEC},
        {"sessions", 1, 0, 'n'},      {"ramp", 1, 0, RAMP},
        {"forms", 1, 0, FORMS},       {"kps", 1, 0, KPS},
        {"jitter", 1, 0, JITTER},     {"think", 1, 0, THINK},
        {"blind", 0, 0, BLIND},       {"compress", 0, 0, COMPRESS},
        {"ciphers", 1, 0, CIPHERS},   {"mss", 1, 0, MSS},
        {"size", 1, 0, SIZE},         {"term", 1, 0, TERMINAL},
        {"env-lang", 0, 0, LANGUAGE}, {"timeout", 1, 0, TIMEOUT},
        {"server-pid", 1, 0, SERVER}, {"label", 1, 0, LABEL},
        {"sources", 1, 0, SOURCES},   {"lines", 0, 0, LINES},
        {"json", 0, 0, JSON},         {"seed", 1, 0, SEED},
        {"help", 0, 0, 'h'},          {0, 0, 0, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "n:D:vh", table, NULL)) != -1)
        take_option(option, optarg);
    if (optind + 1 != argc || load.options.keys_a_second <= 0 || load.options.ramp <= 0)
        take_option('?', NULL);
    load.options.script = argv[optind];
}

static void open_everything(void)
{
    struct rlimit files;
    struct options *o = &load.options;
    script_load(&load.script, o->script, 0);
    signal(SIGPIPE, SIG_IGN);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    ssh_init();
    if (o->key && ssh_pki_import_privkey_file(o->key, NULL, NULL, NULL, &load.key) != SSH_OK)
        load_die("cannot read the key %s", o->key);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.session = x_calloc((size_t)o->sessions, sizeof *load.session);
    for (int i = 0; i < o->sessions; i++) {
        load.session[i].number = i;
        load.session[i].fd = -1;
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    take_options(argc, argv);
    open_everything();
    load.before = tree_weigh(load.options.root, load.options.roots);
    drive();
    pause_ms(500);
    while (load.options.command && waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    load.after = tree_weigh(load.options.root, load.options.roots);
    report_print();
    return load.failed ? 1 : 0;
}
