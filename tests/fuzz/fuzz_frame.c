/* SPDX-License-Identifier: Apache-2.0
 * Requests as the ledger gets them, decoded and done by their handlers on a real book, each in a
 * step that is taken back. frame.h says what stands before them. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "base/vault.h"
#include "ledger/op_priv.h"
#include "tests/fuzz/frame.h"
#include "tests/unit/ledger_rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rig rig;
static char number[BOOK_NUMBER];
static struct vault *vault;
static struct store *store;
static struct store_office office;
static struct formcache *forms;
static struct tries *tries;

static void tidy(void)
{
    store_close(&store);
    vault_free(&vault);
    formcache_free(&forms);
    tries_free(&tries);
    rig_remove(&rig);
}

static void set_up(void)
{
    rig_make(&rig, RIG_USUAL);
    rig_add_request(&rig, "DA01-003", "TEST", number);
    log_open("fuzz", LOG_LEVEL_ERROR);
    if (vault_load(rig.keyring, &vault) || store_open(rig.db, STORE_WRITE, vault, &store) ||
        store_office_get(store, &office))
        abort();
    forms = formcache_new();
    tries = tries_new();
    atexit(tidy);
}

static int nobody_lives(void *arg, uint64_t session)
{
    (void)arg;
    return session & 1;
}

static void run(struct call *call)
{
    if (store_batch_begin(store) || store_step_begin(store))
        abort();
    (void)call_run(call);
    if (store_step_end(store, 0))
        abort();
    store_batch_rollback(store);
}

static void request(const struct request *request, const struct who *who,
                    const struct hash_done *hashed)
{
    struct buf out = BUF_INIT(WIRE_MAX - 32);
    struct hash_ask ask = {0};
    static struct walked walked;
    struct effect effect = {0};
    struct store_seen seen = {0};
    struct call call = {.store = store,
                        .op = request->op,
                        .id = request->id,
                        .who = who,
                        .office = &office,
                        .day = 17545,
                        .in = request->in,
                        .out = &out,
                        .seen = &seen,
                        .live = nobody_lives,
                        .forms = forms,
                        .tries = tries,
                        .vault = vault,
                        .walked = &walked,
                        .ask = &ask,
                        .hashed = hashed,
                        .effect = &effect};
    if (request->known && call_permit(who, request->op) == 0 && request->op != OP_LEDGER_CHECK)
        run(&call);
    buf_free(&out);
}

static void name_request(uint8_t *frame, size_t len)
{
    size_t long_is = strlen(FRAME_NUMBER);
    for (size_t at = 0; strlen(number) == long_is && at + long_is <= len; at++)
        if (memcmp(frame + at, FRAME_NUMBER, long_is) == 0)
            memcpy(frame + at, number, long_is);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct hash_done done = {.matched = 1, .made = "$argon2id$"};
    struct request head;
    struct who who = {.session = 3, .trusted = 1, .shell = 1, .peer = "10.0.0.1:1"};
    if (!store)
        set_up();
    if (size < 1 || size > WIRE_MAX)
        return 0;
    who.role = (data[0] & FRAME_ROLE) % ROLE_COUNT;
    if (who.role < ROLE_CLI)
        (void)str_copy(who.account, sizeof who.account, role_word(who.role));
    (void)str_copy(who.actor, sizeof who.actor, role_word(who.role));
    (void)str_copy(who.centre, sizeof who.centre, who.role <= ROLE_RUNNER ? office.centre : "");
    size_t len = size - 1;
    uint8_t *frame = malloc(len ? len : 1); /* of the exact size, for the sanitizer */
    if (!frame)
        abort();
    memcpy(frame, data + 1, len);
    for (size_t i = 0; i < 4 && len >= 4 && (data[0] & FRAME_LENGTH); i++)
        frame[i] = (uint8_t)(len >> (24 - 8 * i));
    name_request(frame, len);
    if (request_parse(frame, len, &head) == 0)
        request(&head, &who, data[0] & FRAME_HASHED ? &done : NULL);
    free(frame);
    return 0;
}
