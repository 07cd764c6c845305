/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer knows by heart: numbers of words, whether a day is one of rest, which office this
 * is. Each of these is asked for by nearly every event and changes hardly ever, and asking the
 * database costs as much as a row. It is the writer's alone, since nobody else changes the
 * database; it is forgotten whenever something is taken back, so nothing is known that is not
 * there, and by whatever changes a register or the office. */
#include <string.h>
#include "base/err.h"
#include "store/memo_priv.h"
#include "store/wordmap_priv.h"

#define MEMO_WORD 128

struct memo {
    struct wordmap *words;
    int64_t *no; /* of each of these; 0 = not known */
    int day_known, office_known, rest;
    int32_t day;
    struct id node;
    int64_t epoch;
    int64_t undone; /* db_undone() then: nothing has been taken back since */
};

static struct memo *memo_of(struct store *store)
{
    if (store->memo != NULL && store->memo->undone != db_undone(store->db))
        memo_forget(store);
    if (store->memo == NULL) {
        store->memo = x_alloc(sizeof *store->memo);
        store->memo->words = wordmap_new();
        store->memo->undone = db_undone(store->db);
    }
    return store->memo;
}

void memo_forget(struct store *store)
{
    if (store->memo == NULL)
        return;
    wordmap_free(&store->memo->words);
    x_free(&store->memo->no);
    x_free(&store->memo);
}

int memo_word(struct store *store, const char *kind, const char *word, const char *parent,
              int64_t *no)
{
    char key[MEMO_WORD];
    int fresh;
    size_t len = strlen(kind), more = strlen(word);
    if (store->mode == STORE_READ || len + 1 + more >= sizeof key)
        return word_number(store->db, kind, word, parent, no);
    memcpy(key, kind, len);
    key[len] = ' ';
    memcpy(key + len + 1, word, more + 1);
    struct memo *memo = memo_of(store);
    size_t at = wordmap_add(memo->words, key, len + 1 + more, &fresh);
    if (fresh) {
        memo->no = x_realloc(memo->no, at + 1, sizeof *memo->no);
        memo->no[at] = 0;
    }
    int err = 0;
    if (memo->no[at] == 0)
        err = word_number(store->db, kind, word, parent, &memo->no[at]);
    *no = memo->no[at];
    return err;
}

int memo_rest(struct store *store, int32_t day, int *rest)
{
    struct memo *memo = memo_of(store);
    int err = 0;
    if (!memo->day_known || memo->day != day) {
        memo->day_known = 0;
        err = rest_of(store->db, day, &memo->rest);
        memo->day = day;
        memo->day_known = err == 0;
    }
    *rest = memo->rest;
    return err;
}

static int office_find(struct store *store, struct id *node, int64_t *epoch)
{
    struct query *query = db_query(store->db, "SELECT node, epoch FROM office");
    int err = db_one(query);
    if (err == 0) {
        db_id(query, node);
        *epoch = db_int(query);
    }
    return db_end(query, err);
}

int memo_office(struct store *store, struct id *node, int64_t *epoch)
{
    if (store->mode == STORE_READ)
        return office_find(store, node, epoch);
    struct memo *memo = memo_of(store);
    int err = 0;
    if (!memo->office_known) {
        err = office_find(store, &memo->node, &memo->epoch);
        memo->office_known = err == 0;
    }
    *node = memo->node;
    *epoch = memo->epoch;
    return err;
}
