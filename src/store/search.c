/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of requests, newest first, and searching them by the beginnings of folded words or of a
 * number. Pages go on after the last row seen, by (at, id), never by counting rows off.
 *
 * A search chooses between two ways, each bounded by what the other is bad at: when something the
 * query says is rare (an index tells), those few requests are fetched, the rest of the query is
 * tried on each, and they are put in order; when everything it says is common, requests are walked
 * newest first and tried, which fills a page soon because it is common. Who is still typing waits
 * for neither: common words are met in the tokens, and a bounded number of requests is tried.
 *
 * The symbols of a request's number are no token: they are random, so that each would be a page of
 * its own to write at a save. The index of numbers leads to them, centre after centre.
 *
 * Civil and telephone numbers are nowhere in clear: a word of digits is also looked up by its keyed
 * mark, so a whole number finds its requests and the beginning of one finds nothing. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "store/number_priv.h"
#include "store/request_priv.h"
#include "text/fold.h"
#include "text/number.h"

#define SEARCH_RARE 1000 /* at most that many rows are fetched and put in order */
#define FIND_TRIED 1000  /* ... and tried while somebody is still typing */
#define SEARCH_QUERY 256
#define SEARCH_WORDS 8
#define SEARCH_TOP "\xf4\x8f\xbf\xbf" /* U+10FFFF: after every text with the same beginning */

/* A word of digits, which may be a civil or a telephone number. */
struct search_digits {
    size_t at; /* where it begins in `folded` */
    uint8_t civil[VAULT_INDEX], phone[VAULT_INDEX];
};
struct search {
    struct store *store;
    const struct store_reach *reach;
    char folded[SEARCH_QUERY * 4]; /* the query, folded; "" = everything */
    char number[NUMBER_SIZE];      /* the query as a number's beginning, or "" */
    int64_t at;                    /* only what comes after (at, id) */
    struct id id;
    size_t max;
    size_t most; /* rows that a walk looks at, 0 = all */
    struct search_digits digits[SEARCH_WORDS];
    size_t numbers;
};
/* Rows found so far. */
struct found {
    struct store_request *row;
    size_t count;
    size_t tried;
};

const char *search_word(const char *text, size_t *len)
{
    text += strspn(text, " ");
    *len = strcspn(text, " ");
    return *len == 0 ? NULL : text;
}

void search_text(const char *applicant, const char *number, struct buf *out)
{
    char symbols[NUMBER_SYMBOLS + 1];
    number_word(number, symbols);
    fold_text(applicant, out);
    buf_putc(out, ' ');
    buf_puts(out, symbols);
}

void search_number(const char *number, struct buf *out)
{
    fold_text(number, out);
}

static int search_mark_as(struct store *store, const struct id *request, const char *domain,
                          const char *number, const char *sql)
{
    struct buf folded = BUF_INIT(256);
    uint8_t mark[VAULT_INDEX];
    search_number(number, &folded);
    vault_index(store->vault, domain, buf_text(&folded), mark);
    int err = 0;
    if (folded.len > 0) {
        struct query *query = db_query(store->db, sql);
        db_bind_blob(query, mark, sizeof mark);
        db_bind_id(query, request);
        err = db_run(query, NULL);
    }
    buf_free(&folded);
    return err;
}

int search_mark(struct store *store, const struct id *request, const char *domain,
                const char *number)
{
    return search_mark_as(store, request, domain, number,
                          "INSERT INTO lookup (mark, request) VALUES ($1, $2)"
                          " ON CONFLICT (mark, request) DO NOTHING");
}

int search_unmark(struct store *store, const struct id *request, const char *domain,
                  const char *number)
{
    return search_mark_as(store, request, domain, number,
                          "DELETE FROM lookup WHERE mark = $1 AND request = $2");
}

/* Whether the same word stands before it, too. */
static int search_stood(const char *words, const char *word, size_t len)
{
    size_t other;
    for (const char *at = words; (at = search_word(at, &other)) != word; at += other)
        if (other == len && memcmp(at, word, len) == 0)
            return 1;
    return 0;
}

static int search_each(struct store *store, const struct id *request, const char *number,
                       const char *words, const char *sql)
{
    char symbols[NUMBER_SYMBOLS + 1];
    size_t len;
    number_word(number, symbols);
    for (const char *word = words; (word = search_word(word, &len)) != NULL; word += len) {
        int symbol = len == NUMBER_SYMBOLS && memcmp(word, symbols, len) == 0;
        if (symbol || search_stood(words, word, len))
            continue;
        char *text = x_strndup(word, len);
        struct query *query = db_query(store->db, sql);
        db_bind_text(query, text);
        db_bind_id(query, request);
        int err = db_run(query, NULL);
        x_free(&text);
        if (err != 0)
            return err;
    }
    return 0;
}

int search_keep(struct store *store, const struct id *request, const char *number,
                const char *words)
{
    return search_each(store, request, number, words,
                       "INSERT INTO token (word, request) VALUES"
                       " ($1, $2) ON CONFLICT (word, request) DO NOTHING");
}

int search_drop(struct store *store, const struct id *request, const char *number,
                const char *words)
{
    return search_each(store, request, number, words,
                       "DELETE FROM token WHERE word = $1 AND request = $2");
}

static int search_begins(const char *words, const char *word, size_t len)
{
    const char *at = words;
    while (at != NULL && strncmp(at, word, len) != 0) {
        at = strchr(at, ' ');
        at = at == NULL ? NULL : at + 1;
    }
    return at != NULL;
}

int store_words_mean(const char *typed, const char *name, const char *number)
{
    char text[SEARCH_QUERY];
    struct buf query = BUF_INIT(SEARCH_QUERY * 4), words = BUF_INIT(4096);
    size_t len;
    if (str_copy(text, sizeof text, typed) != 0)
        return 0;
    digits_to_ascii(text);
    fold_text(text, &query);
    fold_text(name, &words);
    const char *word = buf_text(&query);
    int means = search_word(word, &len) != NULL;
    while (means && (word = search_word(word, &len)) != NULL) {
        means = search_begins(buf_text(&words), word, len);
        word += len;
    }
    if (!means && number[0] != '\0')
        means = strcmp(buf_text(&query), number) == 0;
    buf_free(&query);
    buf_free(&words);
    return means;
}

/* Is it a number of that request's? */
static int search_marked(const struct search *search, const struct store_request *row, size_t at)
{
    for (size_t i = 0; i < search->numbers; i++) {
        if (search->digits[i].at != at)
            continue;
        struct query *query = db_query(
            search->store->db, "SELECT 1 FROM lookup WHERE mark IN ($1, $2) AND request = $3");
        db_bind_blob(query, search->digits[i].civil, VAULT_INDEX);
        db_bind_blob(query, search->digits[i].phone, VAULT_INDEX);
        db_bind_id(query, &row->id);
        return db_end(query, db_one(query)) == 0;
    }
    return 0;
}

/* 1 when every word of the query begins some word of the row, or is a number of its. Both are
 * folded already, and a walk asks this of every row: nothing is folded again here. */
static int search_has(const struct search *search, const struct store_request *row,
                      const char *words)
{
    size_t len;
    for (const char *word = search->folded; (word = search_word(word, &len)) != NULL; word += len)
        if (!search_begins(words, word, len) &&
            !search_marked(search, row, (size_t)(word - search->folded)))
            return 0;
    return 1;
}

static int search_fits(const struct search *search, const struct store_request *row,
                       const char *words)
{
    if (!request_within(search->reach, row))
        return 0;
    if (search->number[0] != '\0')
        return strncmp(row->number, search->number, strlen(search->number)) == 0;
    return search_has(search, row, words);
}

/* Newest first. */
static int search_order(const void *a, const void *b)
{
    const struct store_request *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return memcmp(y->id.b, x->id.b, ID_SIZE);
}

static void found_add(struct found *found, struct query *query, const struct search *search)
{
    struct store_request row;
    struct sealed_bytes civil = request_row(query, &row);
    const char *words = db_text_peek(query);
    int after = row.at < search->at ||
                (row.at == search->at && memcmp(row.id.b, search->id.b, ID_SIZE) < 0);
    if (!after || !search_fits(search, &row, words))
        return;
    if (request_civil(search->store, &civil, &row) != 0)
        row.civil[0] = '\0'; /* a damaged row hides no other; the check tells of it */
    found->row = x_realloc(found->row, found->count + 1, sizeof *found->row);
    found->row[found->count++] = row;
}

/* All of a statement's rows, or until the page is full. */
static int found_take(struct found *found, struct query *query, const struct search *search,
                      int until_full)
{
    int got;
    while ((got = db_row(query)) == 1) {
        found_add(found, query, search);
        found->tried++;
        if (until_full && (found->count == search->max || found->tried == search->most))
            break;
    }
    return db_end(query, got < 0 ? got : 0);
}

#define WALK_PAGE " AND (r.at, r.id) < ($2, $3) ORDER BY r.at DESC, r.id DESC"

/* Newest first, by the index that leads straight to what is within reach, if there is one. */
static int search_walk_by(const struct search *search, struct query *query, const char *code,
                          struct found *found)
{
    db_bind_text(query, code);
    db_bind_int(query, search->at);
    db_bind_id(query, &search->id);
    return found_take(found, query, search, 1);
}

/* A page of each centre; the newest of all of them are the page. */
static int search_walk_centres(struct store *store, const struct search *search,
                               struct found *found)
{
    size_t len;
    int err = 0;
    for (const char *code = search->reach->codes; (code = search_word(code, &len)) != NULL;
         code += len) {
        char centre[STORE_SCOPE];
        struct found one = {0};
        err = str_format(centre, sizeof centre, "%.*s", (int)len, code);
        if (err == 0)
            err = search_walk_by(search,
                                 db_query(store->db,
                                          "SELECT " REQUEST_COLUMNS ", r.search FROM request r"
                                          " WHERE r.centre = $1" WALK_PAGE),
                                 centre, &one);
        found->row = x_realloc(found->row, found->count + one.count + 1, sizeof *found->row);
        if (one.count > 0)
            memcpy(found->row + found->count, one.row, one.count * sizeof *one.row);
        found->count += one.count;
        x_free(&one.row);
        if (err != 0)
            return err;
    }
    return 0;
}

static int search_walk(struct store *store, const struct search *search, struct found *found)
{
    if (search->reach->kind == REACH_OF_CENTRES)
        return search_walk_centres(store, search, found);
    if (search->reach->kind == REACH_OF_AGENCY)
        return search_walk_by(search,
                              db_query(store->db,
                                       "SELECT " REQUEST_COLUMNS ", r.search FROM request r"
                                       " WHERE r.agency = $1" WALK_PAGE),
                              search->reach->codes, found);
    struct query *query = db_query(store->db, "SELECT " REQUEST_COLUMNS ", r.search FROM request r"
                                              " WHERE (r.at, r.id) < ($1, $2)"
                                              " ORDER BY r.at DESC, r.id DESC");
    db_bind_int(query, search->at);
    db_bind_id(query, &search->id);
    return found_take(found, query, search, 1);
}

/* Puts what was fetched in order and cuts the page. */
static void found_order(struct found *found, const struct search *search)
{
    if (found->count == 0)
        return;
    qsort(found->row, found->count, sizeof *found->row, search_order);
    size_t kept = 1; /* two words of one request may begin alike */
    for (size_t i = 1; i < found->count; i++)
        if (!id_equal(&found->row[i].id, &found->row[kept - 1].id))
            found->row[kept++] = found->row[i];
    found->count = kept < search->max ? kept : search->max;
}

/* Fetches everything between two texts of an index. */
static int search_fetch(struct query *query, const char *from, const char *to,
                        const struct search *search, struct found *found)
{
    db_bind_text(query, from);
    db_bind_text(query, to);
    return found_take(found, query, search, 0);
}

/* Fetches all requests that have that number. */
static int search_fetch_marked(struct store *store, const struct search *search, size_t at,
                               struct found *found)
{
    for (size_t i = 0; i < search->numbers; i++) {
        if (search->digits[i].at != at)
            continue;
        struct query *query =
            db_query(store->db, "SELECT " REQUEST_COLUMNS ", r.search FROM lookup k"
                                " CROSS JOIN request r WHERE k.mark IN ($1, $2)"
                                " AND r.id = k.request");
        db_bind_blob(query, search->digits[i].civil, VAULT_INDEX);
        db_bind_blob(query, search->digits[i].phone, VAULT_INDEX);
        return found_take(found, query, search, 0);
    }
    return 0;
}

/* How many lie between two texts, counting no further than SEARCH_RARE + 1. */
static int search_count(struct query *query, const char *from, const char *to, int64_t *out)
{
    db_bind_text(query, from);
    db_bind_text(query, to);
    db_bind_int(query, SEARCH_RARE + 1);
    int err = db_one(query);
    *out = err == 0 ? db_int(query) : 0;
    return db_end(query, err);
}

static int search_by_number(struct store *store, const struct search *search, int64_t few,
                            struct found *found)
{
    char to[NUMBER_SIZE + 8];
    int cut = str_format(to, sizeof to, "%s" SEARCH_TOP, search->number);
    snd_assert(cut == 0);
    if (few > SEARCH_RARE)
        return search_walk(store, search, found);
    struct query *query =
        db_query(store->db, "SELECT " REQUEST_COLUMNS ", r.search FROM request r"
                            " WHERE r.number >= $1 AND r.number < $2 ORDER BY r.number");
    return search_fetch(query, search->number, to, search, found);
}

/* How many have that number, when the word there is one; counting no further either. */
static int search_count_marked(struct store *store, const struct search *search, size_t at,
                               int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < search->numbers; i++) {
        if (search->digits[i].at != at)
            continue;
        struct query *query = db_query(store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM lookup"
                                                  " WHERE mark IN ($1, $2) LIMIT $3) AS few");
        db_bind_blob(query, search->digits[i].civil, VAULT_INDEX);
        db_bind_blob(query, search->digits[i].phone, VAULT_INDEX);
        db_bind_int(query, SEARCH_RARE + 1);
        int err = db_one(query);
        *out = err == 0 ? db_int(query) : 0;
        return db_end(query, err);
    }
    return 0;
}

/* The centres that have requests, one step in an index for each; and the requests whose number is a
 * centre's code with what lies between $1 and $2 behind it. The order of the two is given, for no
 * statistics tell how few centres there are. */
#define SEARCH_CENTRES                                                                             \
    "WITH RECURSIVE c (centre) AS (SELECT MIN(centre) FROM request UNION ALL"                      \
    " SELECT (SELECT MIN(n.centre) FROM request n WHERE n.centre > c.centre) FROM c"               \
    " WHERE c.centre IS NOT NULL)"
#define SEARCH_OF_CENTRES                                                                          \
    " FROM c CROSS JOIN request r WHERE c.centre IS NOT NULL AND r.number >= c.centre || $1"       \
    " AND r.number < c.centre || $2"

/* What follows the centre's code in the numbers that a word may mean: that word as the first
 * symbols. 0 when it can be none. */
struct search_symbols {
    char from[NUMBER_SYMBOLS + 2], to[NUMBER_SYMBOLS + 8];
};
static int search_symbols(struct search_symbols *symbols, const char *word, size_t len)
{
    static const char signs[] = "0123456789abcdefghjkmnpqrstvwxyz";
    if (len > NUMBER_SYMBOLS || strspn(word, signs) < len)
        return 0;
    symbols->from[0] = '-';
    symbols->from[len + 1] = '\0';
    for (size_t i = 0; i < len; i++)
        symbols->from[i + 1] = word[i] >= 'a' ? (char)(word[i] - 'a' + 'A') : word[i];
    return str_format(symbols->to, sizeof symbols->to, "%s" SEARCH_TOP, symbols->from) == 0;
}

/* How many requests have a number whose symbols begin with the word, counting no further either. */
static int search_count_numbers(struct store *store, const char *word, size_t len, int64_t *out)
{
    struct search_symbols symbols;
    *out = 0;
    if (!search_symbols(&symbols, word, len))
        return 0;
    return search_count(db_query(store->db, "SELECT COUNT(*) FROM (" SEARCH_CENTRES
                                            " SELECT 1" SEARCH_OF_CENTRES " LIMIT $3) AS few"),
                        symbols.from, symbols.to, out);
}

static int search_fetch_numbers(struct store *store, const struct search *search, const char *word,
                                size_t len, struct found *found)
{
    struct search_symbols symbols;
    if (!search_symbols(&symbols, word, len))
        return 0;
    return search_fetch(db_query(store->db, SEARCH_CENTRES " SELECT " REQUEST_COLUMNS
                                                           ", r.search" SEARCH_OF_CENTRES
                                                           " ORDER BY r.number"),
                        symbols.from, symbols.to, search, found);
}

/* How many requests a word leads to. */
static int search_count_word(struct store *store, const struct search *search, const char *word,
                             size_t len, int64_t *out)
{
    char from[SEARCH_QUERY * 4], to[SEARCH_QUERY * 4 + 8];
    int64_t marked = 0, numbered = 0;
    int err = str_format(from, sizeof from, "%.*s", (int)len, word);
    if (err == 0)
        err = str_format(to, sizeof to, "%s" SEARCH_TOP, from);
    if (err == 0)
        err = search_count(db_query(store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM token"
                                               " WHERE word >= $1 AND word < $2 LIMIT $3) AS few"),
                           from, to, out);
    if (err == 0)
        err = search_count_marked(store, search, (size_t)(word - search->folded), &marked);
    if (err == 0)
        err = search_count_numbers(store, word, len, &numbered);
    *out += marked + numbered;
    return err;
}

/* The rarest word of the query: where it begins, its length, and how many requests have it. */
static int search_rarest(struct store *store, const struct search *search, size_t *at,
                         size_t *length, int64_t *few)
{
    size_t len;
    int words = 0;
    *few = SEARCH_RARE + 1;
    for (const char *word = search->folded; (word = search_word(word, &len)) != NULL; word += len) {
        int64_t count;
        if (++words > SEARCH_WORDS)
            break;
        int err = search_count_word(store, search, word, len, &count);
        if (err != 0)
            return err;
        if (count >= *few)
            continue;
        *few = count;
        *at = (size_t)(word - search->folded);
        *length = len;
    }
    return 0;
}

/* How many requests have just that word, counting no further than FIND_TRIED + 1. */
static int search_count_whole(struct store *store, const char *word, int64_t *out)
{
    struct query *query = db_query(
        store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM token WHERE word = $1 LIMIT $2) AS few");
    db_bind_text(query, word);
    db_bind_int(query, FIND_TRIED + 1);
    int err = db_one(query);
    *out = err == 0 ? db_int(query) : 0;
    return db_end(query, err);
}

/* The two rarest of the words that were typed whole, which are all but the last; "" = none. */
static int search_rarest_two(struct store *store, const struct search *search,
                             char two[2][SEARCH_QUERY * 4])
{
    int64_t count, few[2] = {INT64_MAX, INT64_MAX};
    size_t len, next;
    two[0][0] = two[1][0] = '\0';
    for (const char *word = search->folded; (word = search_word(word, &len)) != NULL; word += len) {
        char whole[SEARCH_QUERY * 4];
        if (search_word(word + len, &next) == NULL)
            break;
        int err = str_format(whole, sizeof whole, "%.*s", (int)len, word);
        if (err == 0)
            err = search_count_whole(store, whole, &count);
        if (err != 0)
            return err;
        int at = count < few[0] ? 0 : count < few[1] ? 1 : 2;
        if (at == 0) {
            few[1] = few[0];
            memcpy(two[1], two[0], sizeof two[1]);
        }
        if (at < 2) {
            few[at] = count;
            memcpy(two[at], whole, sizeof two[at]);
        }
    }
    return 0;
}

/* All words are common, and somebody waits who is still typing: the newest of those that have the
 * two rarest whole words, by the tokens alone, and the rest of the query is tried on them. */
static int search_meet(struct store *store, const struct search *search, struct found *found)
{
    char two[2][SEARCH_QUERY * 4];
    int err = search_rarest_two(store, search, two);
    if (err != 0)
        return err;
    if (two[0][0] == '\0')
        return search_walk(store, search, found);
    struct query *query =
        db_query(store->db, "SELECT " REQUEST_COLUMNS ", r.search FROM"
                            " (SELECT k.request AS met FROM token k WHERE k.word = $1"
                            " AND EXISTS (SELECT 1 FROM token o WHERE o.word = $2"
                            " AND o.request = k.request) ORDER BY k.request DESC LIMIT $3) AS m"
                            " CROSS JOIN request r WHERE r.id = m.met");
    db_bind_text(query, two[0]);
    db_bind_text(query, two[1][0] != '\0' ? two[1] : two[0]);
    db_bind_int(query, FIND_TRIED);
    return found_take(found, query, search, 1);
}

static int search_by_words(struct store *store, const struct search *search, struct found *found)
{
    char from[SEARCH_QUERY * 4] = "", to[SEARCH_QUERY * 4 + 8];
    size_t at = 0, len = 0;
    int64_t few;
    int err = search_rarest(store, search, &at, &len, &few);
    if (err != 0 || few == 0)
        return err;
    if (few > SEARCH_RARE && search->most > 0)
        return search_meet(store, search, found);
    if (few > SEARCH_RARE)
        return search_walk(store, search, found);
    err = str_format(from, sizeof from, "%.*s", (int)len, search->folded + at);
    if (err == 0)
        err = str_format(to, sizeof to, "%s" SEARCH_TOP, from);
    if (err != 0)
        return err;
    /* CROSS JOIN: the tokens lead, whatever the engine guesses. */
    struct query *query =
        db_query(store->db, "SELECT " REQUEST_COLUMNS ", r.search FROM token k CROSS JOIN request r"
                            " WHERE k.word >= $1 AND k.word < $2 AND r.id = k.request");
    err = search_fetch(query, from, to, search, found);
    if (err == 0)
        err = search_fetch_marked(store, search, at, found);
    if (err == 0)
        err = search_fetch_numbers(store, search, search->folded + at, len, found);
    return err;
}

/* A query of Latin letters, digits and dashes only may be the beginning of a number. */
static int search_maybe_number(const char *text, char out[NUMBER_SIZE])
{
    size_t len = strlen(text);
    out[0] = '\0';
    if (len == 0 || len >= NUMBER_SIZE)
        return 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        int letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && (c < '0' || c > '9') && c != '-') {
            out[0] = '\0';
            return 0;
        }
        out[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        out[i + 1] = '\0';
    }
    return 1;
}

/* Is it one? Then it stays in search->number, and *few says how many begin so. */
static int search_try_number(struct store *store, struct search *search, const char *query_text,
                             int64_t *few)
{
    char to[NUMBER_SIZE + 8];
    *few = 0;
    if (!search_maybe_number(query_text, search->number))
        return 0;
    int err = str_format(to, sizeof to, "%s" SEARCH_TOP, search->number);
    if (err == 0)
        err = search_count(db_query(store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM request"
                                               " WHERE number >= $1 AND number < $2 LIMIT $3)"
                                               " AS few"),
                           search->number, to, few);
    if (*few == 0)
        search->number[0] = '\0';
    return err;
}

/* Makes marks for the words of digits. */
static void search_mark_digits(struct search *search)
{
    size_t len;
    for (const char *word = search->folded; (word = search_word(word, &len)) != NULL; word += len) {
        char number[16];
        if (search->numbers == SEARCH_WORDS)
            return;
        if (len >= sizeof number || strspn(word, "0123456789") < len)
            continue;
        int cut = str_format(number, sizeof number, "%.*s", (int)len, word);
        snd_assert(cut == 0);
        struct search_digits *digits = &search->digits[search->numbers++];
        digits->at = (size_t)(word - search->folded);
        vault_index(search->store->vault, "civil", number, digits->civil);
        vault_index(search->store->vault, "phone", number, digits->phone);
    }
}

/* Takes in what was typed: digits made ASCII, blanks around it off, folded. */
static int search_read(struct store *store, struct search *search, const char *typed, int64_t *few)
{
    char text[SEARCH_QUERY];
    struct buf folded = BUF_INIT(sizeof search->folded - 1);
    typed += strspn(typed, " ");
    int err = str_copy(text, sizeof text, typed);
    if (err != 0)
        return err;
    for (size_t len = strlen(text); len > 0 && text[len - 1] == ' '; len--)
        text[len - 1] = '\0';
    digits_to_ascii(text);
    /* A number as lists of its own centre show it: its last sign is no word. */
    if (strlen(text) == NUMBER_SYMBOLS + 2 && text[NUMBER_SYMBOLS] == '-')
        text[NUMBER_SYMBOLS] = '\0';
    fold_text(text, &folded);
    err = folded.failed ? SND_E_LIMIT
                        : str_copy(search->folded, sizeof search->folded, buf_text(&folded));
    buf_free(&folded);
    if (err == 0)
        search_mark_digits(search);
    return err != 0 ? err : search_try_number(store, search, text, few);
}

/* Where the page begins: after that number, or before everything. */
static int search_start(struct store *store, struct search *search, const char *after)
{
    char centre[16], agency[16];
    search->at = INT64_MAX;
    memset(search->id.b, 0xff, ID_SIZE);
    if (after[0] == '\0')
        return 0;
    struct query *query =
        db_query(store->db, "SELECT at, id, centre, agency FROM request WHERE number = $1");
    db_bind_text(query, after);
    int err = db_one(query);
    if (err == 0) {
        search->at = db_int(query);
        db_id(query, &search->id);
        db_text(query, centre, sizeof centre);
        db_text(query, agency, sizeof agency);
        if (!store_reach_holds(search->reach, centre, agency))
            err = SND_E_NOTFOUND;
    }
    return db_end(query, err);
}

/* A page of what the query says, from where `search` begins. */
static int search_page(struct store *store, struct search *search, const char *query,
                       struct arena *arena, struct store_request **out, size_t *count)
{
    struct found found = {0};
    int64_t few = 0;
    *count = 0;
    *out = arena_alloc(arena, sizeof **out);
    int err = search_read(store, search, query, &few);
    if (err != 0 || search->max == 0)
        return err;
    if (search->number[0] != '\0')
        err = search_by_number(store, search, few, &found);
    else if (search->folded[0] != '\0')
        err = search_by_words(store, search, &found);
    else
        err = query[strspn(query, " ")] == '\0' ? search_walk(store, search, &found) : 0;
    found_order(&found, search);
    if (err == 0 && found.count > 0) {
        *out = arena_alloc(arena, found.count * sizeof **out);
        memcpy(*out, found.row, found.count * sizeof **out);
        *count = found.count;
    }
    x_free(&found.row);
    return err;
}

int store_request_list(struct store *store, const struct store_reach *reach, const char *query,
                       const char *after, size_t max, struct arena *arena,
                       struct store_request **out, size_t *count)
{
    struct search search = {.store = store, .reach = reach, .max = max};
    *count = 0;
    *out = arena_alloc(arena, sizeof **out);
    int err = search_start(store, &search, after);
    return err ? err : search_page(store, &search, query, arena, out, count);
}

int store_request_find(struct store *store, const struct store_reach *reach, const char *query,
                       size_t max, struct arena *arena, struct store_request **out, size_t *count)
{
    struct search search = {.store = store, .reach = reach, .max = max, .most = FIND_TRIED};
    int err = search_start(store, &search, "");
    return err ? err : search_page(store, &search, query, arena, out, count);
}
