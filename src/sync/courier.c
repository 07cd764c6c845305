/* SPDX-License-Identifier: Apache-2.0
 * The courier: carries what is due to the agencies, many requests at once and so many an agency, so
 * that one that is slow or dead delays no other; and asks those that don't call how requests stand.
 * Before a byte leaves, the ledger has kept that the request is being sent; what came of it is the
 * ledger's before anything else is done. In between nothing is kept here: whoever comes after a
 * kill sends again, under the same key and with the same bytes. */
#include "sync/courier.h"
#include <nss.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/wire.h"
#include "book/feed.h"
#include "sync/courier_priv.h"

#define LANES_MAX 64
#define LINES_MS 1000 /* how often the lines are read again, */
#define LOOK_MS 250   /* and an idle line is looked at */
#define DUE_MOST 64
#define SAID_MS 60000 /* a line that goes well says so as often */

/* One agency's line. */
struct lane {
    struct book_agency_line line;
    struct cut cut;
    int there; /* in the list that was read last */
    int flying;
    int64_t look_at, last_ok;
    int64_t held; /* the agency wants nothing before then, clock_mono_ms() */
    int64_t said; /* when people were last told how it goes */
};
struct courier {
    const struct courier_args *args;
    struct book *book;
    CURLM *multi;
    struct lane lane[LANES_MAX];
    size_t lanes, turn;
    struct flight *flights;
    int64_t lines_at;
};

static volatile sig_atomic_t stopping;

static void on_terminate(int number)
{
    (void)number;
    stopping = 1;
}

/* ---- lines ---- */

/* What people see of a line, whenever it changes between good and bad, and now and then. */
static void say_line(struct courier *courier, struct lane *lane, const char *why)
{
    int64_t left = lane->cut.until ? lane->cut.until - clock_mono_ms() : 0;
    int err = book_outbox_line(courier->book, lane->line.agency, lane->cut.fails,
                               left > 0 ? clock_utc_ms() + left : 0, lane->last_ok, why);
    if (err)
        log_warn("courier.line", "agency=%s err=%s", lane->line.agency, err_text(err));
    lane->said = clock_mono_ms();
}

/* A line that is new here goes as the one before us left it. */
static struct lane *lane_of(struct courier *courier, const struct book_agency_line *line)
{
    for (size_t i = 0; i < courier->lanes; i++)
        if (strcmp(courier->lane[i].line.agency, line->agency) == 0)
            return &courier->lane[i];
    if (courier->lanes == LANES_MAX)
        return NULL;
    struct lane *lane = &courier->lane[courier->lanes++];
    int64_t left = line->cut_until - clock_utc_ms();
    lane->cut.fails = line->fails;
    lane->cut.until = left > 0 ? clock_mono_ms() + left : 0;
    return lane;
}

/* A person wants it tried now. */
static void push_line(struct courier *courier, struct lane *lane)
{
    cut_good(&lane->cut);
    lane->held = 0;
    lane->look_at = 0;
    say_line(courier, lane, "");
}

static int read_lines(struct courier *courier)
{
    struct arena *arena = arena_new();
    struct book_agency_line *list = NULL;
    size_t count = 0;
    int err = book_outbox_lines(courier->book, arena, &list, &count);
    for (size_t i = 0; !err && i < courier->lanes; i++)
        courier->lane[i].there = 0;
    for (size_t i = 0; !err && i < count; i++) {
        struct lane *lane = lane_of(courier, &list[i]);
        if (!lane)
            continue;
        lane->line = list[i];
        lane->there = list[i].open;
        if (list[i].cut_until < 0)
            push_line(courier, lane);
    }
    if (count)
        mem_wipe(list, count * sizeof *list);
    arena_free(&arena);
    return err;
}

static void judge_line(struct courier *courier, struct flight *flight)
{
    struct lane *lane = flight->lane;
    int before = lane->cut.fails;
    if (flight_held(flight))
        lane->held = clock_mono_ms() + flight->retry_after * 1000;
    if (flight_broken(flight)) {
        cut_bad(&lane->cut, clock_mono_ms(), courier->args->wait_ms);
        if (lane->cut.fails == CUT_FAILS)
            log_warn("courier.cut", "agency=%s why=%s", lane->line.agency, flight_why(flight));
        say_line(courier, lane, flight_why(flight));
        return;
    }
    cut_good(&lane->cut);
    lane->last_ok = clock_utc_ms();
    if (before || !lane->said || clock_mono_ms() - lane->said > SAID_MS)
        say_line(courier, lane, "");
}

/* ---- flights ---- */

/* A request, or a later step of one by its key. */
static int is_flying(const struct courier *courier, const struct id *id)
{
    for (const struct flight *flight = courier->flights; flight; flight = flight->next)
        if (id_equal(&flight->errand.request, id) || id_equal(&flight->errand.key, id))
            return 1;
    return 0;
}

static void take_off(struct courier *courier, struct lane *lane, struct flight *flight)
{
    flight->lane = lane;
    flight->next = courier->flights;
    courier->flights = flight;
    lane->flying++;
    CURLMcode code = curl_multi_add_handle(courier->multi, flight->easy);
    snd_assert(code == CURLM_OK);
}

static void put_headers(struct flight *flight)
{
    char key[ID_TEXT], id[ID_TEXT], hash[HASH_TEXT];
    id_text(&flight->errand.request, id);
    id_text(&flight->errand.key, key);
    hex_text(flight->errand.sha, HASH_SIZE, hash);
    flight_header(flight, "Sanad-Id", id);
    flight_header(flight, "Sanad-Request-Hash", hash);
    flight_header(flight, "Idempotency-Key", key);
}

/* What has its errand and body leaves, its documents with it if the agency wants them so. */
static int launch(struct courier *courier, struct lane *lane, struct flight *flight)
{
    int err = 0;
    put_headers(flight);
    if (strcmp(lane->line.documents, "multipart") == 0) {
        err = flight_post_documents(flight, courier->book);
    } else {
        flight_header(flight, "Content-Type", "application/json");
        flight_post(flight);
    }
    if (err)
        flight_free(&flight);
    else
        take_off(courier, lane, flight);
    return err;
}

/* What may not be sent any more, or isn't there, is no failure. */
static int no_more(int err)
{
    return err == SND_E_DENIED || err == SND_E_NOTFOUND ? 0 : err;
}

static int send_one(struct courier *courier, struct lane *lane, const struct id *request)
{
    struct book_errand errand;
    uint8_t sha[HASH_SIZE];
    int err = book_outbox_begin(courier->book, request, &errand);
    if (err)
        return no_more(err);
    struct flight *flight = flight_new(&lane->line, courier->args->folder, "/requests");
    flight->errand = errand;
    err = book_outbox_body(courier->book, request, &flight->body);
    hash_bytes(flight->body.data, flight->body.len, sha);
    if (!err && memcmp(sha, errand.sha, HASH_SIZE) != 0)
        err = SND_E_CORRUPT;
    if (!err)
        return launch(courier, lane, flight);
    flight_free(&flight);
    return err;
}

/* A later step of a request that the agency has. */
static int follow_one(struct courier *courier, struct lane *lane, const struct id *event)
{
    struct book_errand errand;
    struct buf body = BUF_INIT(WIRE_MAX);
    char id[ID_TEXT], path[64];
    int err = book_followup_begin(courier->book, event, &errand, &body);
    if (!err) {
        id_text(&errand.request, id);
        (void)str_format(path, sizeof path, "/requests/%s/messages", id);
        struct flight *flight = flight_new(&lane->line, courier->args->folder, path);
        flight->errand = errand;
        buf_put(&flight->body, body.data, body.len);
        err = launch(courier, lane, flight);
    }
    buf_free(&body);
    return no_more(err);
}

static void ask_one(struct courier *courier, struct lane *lane, const struct id *request)
{
    char id[ID_TEXT], path[64];
    id_text(request, id);
    (void)str_format(path, sizeof path, "/requests/%s", id);
    struct flight *flight = flight_new(&lane->line, courier->args->folder, path);
    flight->errand.request = *request;
    flight->asks = 1;
    take_off(courier, lane, flight);
}

/* ---- landing ---- */

static double chance(void)
{
    uint8_t byte;
    random_bytes(&byte, 1);
    return byte / 255.0;
}

static void end_attempt(struct courier *courier, struct flight *flight)
{
    struct book_attempt attempt = {.request = flight->errand.request,
                                   .status = (int)flight->status,
                                   .answer = flight->answer.data,
                                   .len = flight->answer.len};
    attempt.outcome = flight_outcome(flight, attempt.ack, attempt.why);
    int64_t wait = courier_wait(flight->errand.attempts, courier->args->wait_ms, chance());
    if (wait < flight->retry_after * 1000)
        wait = flight->retry_after * 1000;
    if (attempt.outcome == BOOK_TAKEN)
        wait = (int64_t)flight->lane->line.poll * 1000;
    attempt.next_at = clock_utc_ms() + wait;
    if (flight->errand.follows)
        attempt.request = flight->errand.key;
    int err = flight->errand.follows ? book_followup_done(courier->book, &attempt)
                                     : book_outbox_done(courier->book, &attempt);
    if (err)
        log_warn("courier.done", "agency=%s err=%s", flight->lane->line.agency, err_text(err));
    if (attempt.outcome == BOOK_FAILED)
        log_warn("courier.failed", "agency=%s why=%s status=%ld", flight->lane->line.agency,
                 attempt.why, flight->status);
}

static void end_question(struct courier *courier, struct flight *flight)
{
    char heard[AGENCY_WORD], state[AGENCY_WORD];
    struct book_told told = {.body = flight->answer.data, .len = flight->answer.len};
    struct book_attempt attempt = {
        .request = flight->errand.request, .outcome = BOOK_TAKEN, .status = (int)flight->status};
    int err = 0;
    (void)str_copy(told.agency, sizeof told.agency, flight->lane->line.agency);
    (void)str_copy(attempt.why, sizeof attempt.why, flight_why(flight));
    if (!attempt.why[0])
        err = book_agency_told(courier->book, &told, heard, state);
    if (err == SND_E_INVALID)
        (void)str_copy(attempt.why, sizeof attempt.why, "answer");
    attempt.next_at = clock_utc_ms() + (int64_t)flight->lane->line.poll * 1000;
    err = book_outbox_done(courier->book, &attempt);
    if (err)
        log_warn("courier.asked", "agency=%s err=%s", flight->lane->line.agency, err_text(err));
}

static void land(struct courier *courier, struct flight *flight, CURLcode result)
{
    struct flight **at = &courier->flights;
    flight_landed(flight, result);
    (void)curl_multi_remove_handle(courier->multi, flight->easy);
    if (flight->asks)
        end_question(courier, flight);
    else
        end_attempt(courier, flight);
    judge_line(courier, flight);
    flight->lane->flying--;
    flight->lane->look_at = 0;
    while (*at != flight)
        at = &(*at)->next;
    *at = flight->next;
    flight_free(&flight);
}

static void land_all(struct courier *courier)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(courier->multi, &left)) != NULL;) {
        struct flight *flight = NULL;
        CURLcode result = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&flight);
        land(courier, flight, result);
    }
}

/* ---- the loop ---- */

static int load(struct courier *courier, struct lane *lane, int room)
{
    struct arena *arena = arena_new();
    struct book_dues due;
    int err = book_outbox_due(courier->book, lane->line.agency, DUE_MOST, arena, &due);
    for (size_t i = 0; !err && i < due.follow.count && room > 0; i++)
        if (!is_flying(courier, &due.follow.id[i])) {
            err = follow_one(courier, lane, &due.follow.id[i]);
            room--;
        }
    for (size_t i = 0; !err && i < due.send.count && room > 0; i++)
        if (!is_flying(courier, &due.send.id[i])) {
            err = send_one(courier, lane, &due.send.id[i]);
            room--;
        }
    for (size_t i = 0; !err && i < due.ask.count && room > 0; i++)
        if (!is_flying(courier, &due.ask.id[i])) {
            ask_one(courier, lane, &due.ask.id[i]);
            room--;
        }
    arena_free(&arena);
    return err;
}

/* Each line in turn, beginning with another one each time. */
static int load_all(struct courier *courier)
{
    int64_t now = clock_mono_ms();
    int err = 0;
    if (now >= courier->lines_at) {
        err = read_lines(courier);
        courier->lines_at = now + LINES_MS;
    }
    courier->turn++;
    for (size_t i = 0; !err && i < courier->lanes; i++) {
        struct lane *lane = &courier->lane[(courier->turn + i) % courier->lanes];
        int room = cut_room(&lane->cut, now, lane->line.most) - lane->flying;
        if (!lane->there || room <= 0 || now < lane->look_at || now < lane->held)
            continue;
        lane->look_at = now + LOOK_MS;
        err = load(courier, lane, room);
    }
    return err;
}

static int turn(struct courier *courier)
{
    int running;
    int err = load_all(courier);
    if (err == SND_E_LOST || err == SND_E_BUSY)
        err = 0; /* the ledger comes back */
    if (curl_multi_perform(courier->multi, &running) != CURLM_OK ||
        curl_multi_poll(courier->multi, NULL, 0, LOOK_MS, NULL) != CURLM_OK ||
        curl_multi_perform(courier->multi, &running) != CURLM_OK)
        return SND_E_SYS;
    land_all(courier);
    return err;
}

static int become_ready(struct courier *courier)
{
    struct book_me me;
    int err = book_open(courier->args->ledger, &courier->book);
    while (!err && !stopping) {
        err = book_auth_part(courier->book, "courier", &me);
        if (!err || (err != SND_E_LOST && err != SND_E_BUSY))
            break;
        (void)poll(NULL, 0, LOOK_MS); /* the ledger begins beside us */
        err = 0;
    }
    if (!err && courier->args->ready >= 0 && proc_write_all(courier->args->ready, "", 1))
        log_warn("courier.ready", "told=%s", "nobody");
    return err;
}

/* Names are looked up in files and DNS alone: other ways would load code, which the sandbox
 * refuses. */
static int prepare(const struct courier_args *args)
{
    struct sigaction action = {.sa_handler = on_terminate};
    const struct sandbox_path paths[] = {{.path = "/etc"},
                                         {.path = "/usr/share/ca-certificates"},
                                         {.path = "/run/systemd/resolve"},
                                         {.path = "/run/resolvconf"},
                                         {.path = "/run/NetworkManager"},
                                         {.path = args->folder},
                                         {.path = NULL}};
    if (sigaction(SIGTERM, &action, NULL) || __nss_configure_lookup("hosts", "files dns") ||
        curl_global_init(CURL_GLOBAL_DEFAULT))
        return SND_E_SYS;
    proc_give_way();
    int err = args->user ? proc_become(args->user) : 0;
    return err ? err : sandbox_enter(SANDBOX_COURIER, paths, args->weak);
}

static void let_go(struct courier *courier)
{
    while (courier->flights) {
        struct flight *flight = courier->flights;
        courier->flights = flight->next;
        (void)curl_multi_remove_handle(courier->multi, flight->easy);
        flight_free(&flight);
    }
    if (courier->multi)
        (void)curl_multi_cleanup(courier->multi);
    book_close(&courier->book);
}

int courier_run(const struct courier_args *args)
{
    static struct courier courier;
    courier = (struct courier){.args = args};
    log_open("courier", LOG_LEVEL_INFO);
    int err = prepare(args);
    courier.multi = err ? NULL : curl_multi_init();
    if (!err)
        err = become_ready(&courier);
    while (!err && !stopping)
        err = turn(&courier);
    if (err && !stopping)
        log_error("courier.ended", "err=%s", err_text(err));
    let_go(&courier);
    return stopping ? 0 : err;
}

void courier_hello(const struct book_agency_line *line, const char *folder, long *status,
                   char why[AGENCY_WORD], char said[COURIER_SAID])
{
    struct flight *flight = flight_new(line, folder, "/hello");
    flight_landed(flight, curl_easy_perform(flight->easy));
    *status = flight->status;
    (void)str_copy(why, AGENCY_WORD, flight_why(flight));
    (void)str_copy(said, COURIER_SAID, buf_text(&flight->answer));
    flight_free(&flight);
}
