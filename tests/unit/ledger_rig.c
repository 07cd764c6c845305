/* SPDX-License-Identifier: Apache-2.0
 * The office that the ledger's tests work in. The store is used directly only before the ledger
 * runs and after it has ended, as `sanad init` and a backup do. */
#include "tests/unit/ledger_rig.h"
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/vault.h"
#include "base/secret.h"
#include "ledger/ledger.h"
#include "store/store.h"
#include "tests/ending.h"
#include "tests/tap.h"

#define NEED(call) need((call), #call, __LINE__)

static const char form_open[] =
    "form TS-01\nversion 1\nagency TEST\n"
    "title.ar = خدمة للاختبار\ntitle.en = A service to test with\n"
    "about.ar = خدمة للاختبار.\nabout.en = A service to test with.\n"
    "applicant.civil = civil\napplicant.name = name\napplicant.mobile = mobile\n"
    "target = 10 working days\n"
    "open from 2017-11-01 live\narea from 2017-11-01 centre ALL subject ALL\n"
    "fee from 2017-11-01 agency 0.500 centre 2.000\n"
    "[group applicant]\ntitle.ar = مقدم الطلب\ntitle.en = Applicant\n"
    "[field civil]\ntype = civil\nlabel.ar = الرقم المدني\nlabel.en = Civil number\nrequired = "
    "yes\n"
    "[field name]\ntype = name_ar\nlabel.ar = الاسم\nlabel.en = Name\nrequired = yes\n"
    "[field mobile]\ntype = mobile\nlabel.ar = الهاتف\nlabel.en = Mobile\nrequired = yes\n"
    "[field capacity]\ntype = choice\nlabel.ar = الصفة\nlabel.en = Capacity\nrequired = yes\n"
    "choices = capacities\n"
    "[field agent_name]\ntype = name_ar\nperson = agent.name\nlabel.ar = اسم الوكيل\nlabel.en = "
    "Agent\nrequired = no\n"
    "[field agent_civil]\ntype = civil\nperson = agent.civil\nlabel.ar = رقم الوكيل\nlabel.en = "
    "Agent number\nrequired = no\n";
const char rig_list[] = "list capacities\nchoice self | أصيل | Self\n"
                        "choice agent | وكيل | Agent\n";

static void need(int err, const char *what, int line)
{
    if (!err)
        return;
    printf("Bail out! line %d: %s: %s\n", line, what, err_text(err));
    fflush(stdout);
    exit(1);
}

void rig_form_text(const char *code, char out[RIG_FORM])
{
    snprintf(out, RIG_FORM, "form %s%s", code, form_open + strlen("form TS-01"));
}

const char *rig_key(const char *account)
{
    static char key[128];
    snprintf(key, sizeof key, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDemoKeyOfNobodyButATest%s",
             account);
    for (char *at = key + 12; *at; at++)
        if (*at == '_')
            *at = '0';
    return key;
}

static void add_accounts(struct store *store, const char *centre, const struct store_actor *actor)
{
    char secret[SECRET_TEXT];
    NEED(secret_hash(RIG_PASSWORD, secret));
    for (enum role role = 0; role < ROLE_CLI; role++) {
        struct store_account account = {.lang = "ar"};
        (void)str_copy(account.account, sizeof account.account, role_word(role));
        (void)str_copy(account.name, sizeof account.name, role_name(role, LANG_AR));
        (void)str_copy(account.role, sizeof account.role, role_word(role));
        (void)str_copy(account.centre, sizeof account.centre, role <= ROLE_RUNNER ? centre : "");
        (void)str_copy(account.scope, sizeof account.scope,
                       role == ROLE_AGENCY    ? "TEST"
                       : role == ROLE_GOV_SUP ? "DA"
                                              : "");
        (void)str_copy(account.secret, sizeof account.secret, secret);
        NEED(store_account_add(store, &account, actor));
        NEED(store_account_key(store, account.account, rig_key(account.account), 1, actor));
    }
}

static const char *find_list(void *arg, const char *name)
{
    (void)arg;
    return strcmp(name, "capacities") == 0 ? rig_list : NULL;
}

static void load(struct store *store, const char *text, const struct store_actor *actor,
                 uint8_t sha[HASH_SIZE])
{
    static const char *const names[] = {"capacities"};
    static const char *const texts[] = {rig_list};
    const struct form_fault *faults = NULL;
    struct arena *arena = arena_new();
    struct form *form = NULL;
    size_t count = 0;
    int added, err = form_read(text, strlen(text), find_list, NULL, arena, &form, &faults, &count);
    for (size_t i = 0; err && i < count; i++)
        tap_note("%d:%d: %s", faults[i].line, faults[i].column, faults[i].sentence);
    NEED(err);
    NEED(store_form_load(store, form, 1, names, texts, NULL, &added, actor));
    memcpy(sha, form->sha, HASH_SIZE);
    form_free(&form);
    arena_free(&arena);
}

void rig_make(struct rig *rig, enum rig_kind kind)
{
    rig_make_at(rig, kind, "DA01-003");
}

void rig_make_at(struct rig *rig, enum rig_kind kind, const char *centre)
{
    static const enum office_kind offices[] = {[RIG_EARNEST] = OFFICE_EARNEST,
                                               [RIG_USUAL] = OFFICE_DEMONSTRATION,
                                               [RIG_CODES] = OFFICE_PRACTICE};
    struct vault *vault = NULL;
    struct store *store = NULL;
    struct store_office office = {.node = id_new(), .epoch = 1, .practice = offices[kind]};
    struct store_actor actor = {.name = "cli:test", .peer = "here"};
    char closed[sizeof form_open + 64];
    const char *live = strstr(form_open, "live");
    log_open("test", LOG_LEVEL_ERROR);
    *rig = (struct rig){0};
    NEED(str_format(rig->folder, sizeof rig->folder, "%s/sanad-ledger-XXXXXX", tap_place()));
    NEED(mkdtemp(rig->folder) ? 0 : SND_E_SYS);
    (void)str_format(rig->db, sizeof rig->db, "%s/office.db", rig->folder);
    (void)str_format(rig->keyring, sizeof rig->keyring, "%s/keyring", rig->folder);
    (void)str_format(rig->socket, sizeof rig->socket, "%s/ledger.sock", rig->folder);
    (void)str_copy(office.centre, sizeof office.centre, centre);
    (void)str_copy(actor.centre, sizeof actor.centre, centre);
    (void)str_copy(office.centre_name, sizeof office.centre_name, "مركز للاختبار");
    (void)str_format(office.wilayat, sizeof office.wilayat, "%.4s", centre);
    actor.at = clock_utc_ms();
    actor.day = clock_oman_day(actor.at);
    snprintf(closed, sizeof closed, "form TS-02%.*sclosed%s", (int)(live - form_open - 10),
             form_open + 10, live + 4);
    NEED(vault_make(rig->keyring));
    NEED(vault_load(rig->keyring, &vault));
    NEED(store_open(rig->db, STORE_CREATE, vault, &store));
    NEED(store_batch_begin(store));
    NEED(store_office_make(store, &office, &actor));
    add_accounts(store, centre, &actor);
    load(store, form_open, &actor, rig->open_form);
    load(store, closed, &actor, rig->closed_form);
    NEED(store_batch_commit(store));
    store_close(&store);
    vault_free(&vault);
}

void rig_add_request(struct rig *rig, const char *centre, const char *agency, char number[24])
{
    struct vault *vault = NULL;
    struct store *store = NULL;
    const struct form form = {.code = "XX-01", .agency = agency};
    struct store_actor actor = {.name = "cli:test", .at = clock_utc_ms()};
    struct store_request row = {.id = id_new(),
                                .service = "XX-01",
                                .account = "somebody",
                                .applicant = "زائر بعيد",
                                .civil = "87654321"};
    struct record *record = record_new(&form);
    actor.day = clock_oman_day(actor.at);
    (void)str_copy(actor.centre, sizeof actor.centre, centre);
    (void)str_copy(row.centre, sizeof row.centre, centre);
    (void)str_copy(row.agency, sizeof row.agency, agency);
    NEED(vault_load(rig->keyring, &vault));
    NEED(store_open(rig->db, STORE_WRITE, vault, &store));
    NEED(store_request_submit(store, &row, record, &actor));
    (void)str_copy(number, 24, row.number);
    record_free(&record);
    store_close(&store);
    vault_free(&vault);
}

void rig_start(struct rig *rig)
{
    int ready[2];
    char byte;
    NEED(pipe(ready) ? SND_E_SYS : 0);
    fflush(stdout);
    rig->ledger = proc_fork("ledger", 1);
    if (rig->ledger == 0) {
        struct ledger_args args = {.db = rig->db,
                                   .keyring = rig->keyring,
                                   .socket = rig->socket,
                                   .document_mib = rig->document_mib,
                                   .inbox_mib = rig->inbox_mib,
                                   .readers = 2,
                                   .hashers = 1,
                                   .copiers = 1,
                                   .weak = !sandbox_available(),
                                   .ready = ready[1],
                                   .desk_uid = -1};
        close(ready[0]);
        _exit(ledger_run(&args) ? 1 : 0);
    }
    close(ready[1]);
    struct pollfd poller = {.fd = ready[0], .events = POLLIN};
    NEED(poll(&poller, 1, 30000) == 1 && read(ready[0], &byte, 1) == 1 ? 0 : SND_E_TIMEOUT);
    close(ready[0]);
}

int rig_end(struct rig *rig, int signal)
{
    int status = -1;
    if (rig->ledger > 0) {
        kill(rig->ledger, signal);
        waitpid(rig->ledger, &status, 0);
    }
    rig->ledger = 0;
    return status;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

void rig_remove(struct rig *rig)
{
    rig_end(rig, SIGTERM);
    nftw(rig->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

struct book *rig_login(const struct rig *rig, const char *account)
{
    struct book *book = NULL;
    struct book_me me;
    NEED(book_open(rig->socket, &book));
    NEED(book_auth_key(book, account, rig_key(account), "127.0.0.1:4022", &me));
    return book;
}

struct book *rig_shell(const struct rig *rig)
{
    struct book *book = NULL;
    struct book_me me;
    NEED(book_open(rig->socket, &book));
    NEED(book_auth_cli(book, &me));
    return book;
}

struct record *rig_record(struct book *book, const struct rig *rig, const char *name)
{
    const struct form *form;
    NEED(book_form(book, rig->open_form, &form));
    struct record *record = record_new(form);
    record_set(record, form_field(form, "civil"), "12345678");
    record_set(record, form_field(form, "name"), name);
    record_set(record, form_field(form, "mobile"), "92345678");
    record_set(record, form_field(form, "capacity"), "self");
    return record;
}

void rig_with_store(const struct rig *rig, void (*does)(struct store *store, void *arg), void *arg)
{
    struct store *store = NULL;
    struct vault *vault = NULL;
    int err = vault_load(rig->keyring, &vault);
    if (!err)
        err = store_open(rig->db, STORE_WRITE, vault, &store);
    if (err)
        tap_note("the book can't be opened: %s", err_text(err));
    else
        does(store, arg);
    store_close(&store);
    vault_free(&vault);
}

static void check_one(struct store *store, void *ending)
{
    ending_check(ending, store);
}

void rig_ending(const struct rig *rig, struct ending *ending)
{
    long before = ending->books;
    rig_with_store(rig, check_one, ending);
    if (ending->books == before)
        ending->chain++;
}

int rig_check(const struct rig *rig, int64_t *requests)
{
    struct ending ending = {0};
    rig_ending(rig, &ending);
    if (requests)
        *requests = ending.requests;
    return ending.books ? (int)(ending.chain + ending.tally + ending.replay) : -1;
}

int rig_connect(const struct rig *rig)
{
    int fd = -1;
    NEED(proc_connect_packets(rig->socket, &fd));
    NEED(proc_nonblocking(fd, 1));
    return fd;
}

void rig_begin(struct buf *frame, uint32_t tag, const char *operation, const struct id *id)
{
    static const struct id none;
    *frame = BUF_INIT(WIRE_MAX);
    wire_begin(frame);
    wire_put_u8(frame, 'Q');
    wire_put_u32(frame, tag);
    wire_put_text(frame, operation);
    wire_put_id(frame, id ? id : &none);
}

int rig_ask(int fd, struct buf *frame, int *status, struct wire *answer)
{
    static uint8_t in[WIRE_MAX];
    int err = wire_end(frame), got;
    if (!err)
        err = wire_send(fd, frame);
    buf_free(frame);
    if (err)
        return err;
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    if (poll(&poller, 1, 60000) != 1)
        return SND_E_TIMEOUT;
    got = wire_recv(fd, in, sizeof in);
    if (got <= 0 || wire_open(answer, in, (size_t)got) || wire_u8(answer) != 'A')
        return SND_E_LOST;
    (void)wire_u32(answer);
    *status = (int)wire_i64(answer);
    return answer->bad ? SND_E_BAD : 0;
}

int rig_raw_login(int fd, const char *account, uint8_t ticket[32])
{
    struct buf frame;
    struct wire answer;
    int status = 0;
    char text[256];
    size_t len;
    rig_begin(&frame, 1, "auth.key", NULL);
    wire_put_text(&frame, account);
    wire_put_text(&frame, rig_key(account));
    wire_put_text(&frame, "127.0.0.1:4022");
    int err = rig_ask(fd, &frame, &status, &answer);
    if (err || status)
        return err ? err : status;
    wire_text(&answer, text, sizeof text);
    wire_text(&answer, text, sizeof text);
    (void)wire_u8(&answer);
    (void)wire_u8(&answer);
    for (int i = 0; i < 3; i++)
        wire_text(&answer, text, sizeof text);
    (void)wire_u8(&answer);
    (void)wire_u8(&answer);
    (void)wire_i64(&answer);
    (void)wire_u32(&answer);
    (void)wire_u32(&answer);
    wire_text(&answer, text, sizeof text);
    const uint8_t *bytes = wire_bytes(&answer, &len);
    if (len == 32 && ticket)
        memcpy(ticket, bytes, 32);
    return wire_done(&answer);
}
