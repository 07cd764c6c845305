/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H
/* An office in a folder of its own for the store's tests, and raw hands on its file. */
#include "base/vault.h"
#include "store/store.h"

struct fixture {
    char folder[64], path[96], kept[96], keyring[96];
    struct vault *vault;
    struct store *store;
    struct store_office office;
    struct store_actor actor;
    struct form form; /* name, civil, note, mobile, agent, agent_civil */
    char mobile[16];  /* of the next request, "" = none; the agent's too */
    char agent[64], agent_civil[16];
};
/* Makes folder and office, the store open for writing. Ends the test when it can't. */
void fixture_open(struct fixture *f);
void fixture_open_at(struct fixture *f, const char *centre); /* than DA01-003 */
void fixture_close(struct fixture *f);
/* Takes a database away, with its log. */
void fixture_remove(const char *path);
/* Closes and opens the store again. */
void fixture_again(struct fixture *f, enum store_mode mode);
/* Submits one request of that person; the time goes on by a second. */
int fixture_submit(struct fixture *f, const char *name, const char *civil,
                   struct store_request *out);
/* The usual: two accounts, a key, a session, a form with a list, `requests` requests. */
void fixture_fill(struct fixture *f, int requests);
/* Then: a request that another centre began, by a form which isn't here yet. */
void fixture_passed(struct fixture *f);
/* Keeps the file as it is now, and later puts it back. Closes the store. */
void fixture_keep(struct fixture *f);
void fixture_restore(struct fixture *f);
/* Runs SQL on the file behind the store's back. Ends the test when SQLite refuses. */
void fixture_raw(struct fixture *f, const char *sql);
/* One number from the file behind the store's back. */
long long fixture_raw_int(struct fixture *f, const char *sql);
/* Findings of a check by a reader; those that begin with `prefix` ("" = all). Notes the first. */
int fixture_findings(struct fixture *f, const char *prefix);
/* Ends the test with a note unless err is 0. */
#define must(call) fixture_must((call), #call)
void fixture_must(int err, const char *call);
#endif
