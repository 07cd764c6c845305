/* SPDX-License-Identifier: Apache-2.0
 * A desk that ends while the ledger is down says good-bye to nobody. A minute after the ledger came
 * back the ticket is gone and the session closed; one that came back itself stays. The program is
 * linked with --wrap=clock_mono_ms, so that the minute need not be waited for. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/vault.h"
#include "store/store.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static int64_t *shift;

int64_t __real_clock_mono_ms(void);
int64_t __wrap_clock_mono_ms(void);
int64_t __wrap_clock_mono_ms(void)
{
    return __real_clock_mono_ms() + (shift ? *shift : 0);
}

/* Tickets in the book, read beside the ledger. */
static size_t tickets(const struct rig *rig)
{
    static const uint8_t none[HASH_SIZE];
    uint8_t sha[8][HASH_SIZE];
    struct vault *vault = NULL;
    struct store *store = NULL;
    size_t count = 99;
    int err = vault_load(rig->keyring, &vault);
    if (!err)
        err = store_open(rig->db, STORE_READ, vault, &store);
    if (!err)
        err = store_session_tickets(store, none, sha, 8, &count);
    if (err)
        tap_note("tickets: %s", err_text(err));
    store_close(&store);
    vault_free(&vault);
    return count;
}

static int within(const struct rig *rig, size_t wanted)
{
    int64_t deadline = __real_clock_mono_ms() + 10000;
    while (tickets(rig) != wanted && __real_clock_mono_ms() < deadline)
        usleep(20000);
    return tickets(rig) == wanted;
}

int main(void)
{
    struct rig rig;
    struct book_office office;
    shift = mmap(NULL, sizeof *shift, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!tap_ok(shift != MAP_FAILED, "memory that is shared"))
        return tap_done();
    rig_make(&rig, 1);
    rig_start(&rig);
    struct book *stays = rig_login(&rig, "clerk"), *goes = rig_login(&rig, "owner");
    tap_ok(within(&rig, 2), "two sessions have their tickets");
    rig_end(&rig, 9);
    book_close(&goes); /* nobody hears it */
    rig_start(&rig);
    tap_is_int(book_office(stays, &office), 0, "one of them comes back to the ledger");
    tap_ok(tickets(&rig) == 2, "at first both tickets stand");
    *shift = 61000;
    tap_ok(within(&rig, 1), "a ticket that nobody came back with is swept");
    tap_is_int(book_office(stays, &office), 0, "the session that lives goes on");
    book_close(&stays);
    tap_is_int(rig_end(&rig, 15), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    munmap(shift, sizeof *shift);
    return tap_done();
}
