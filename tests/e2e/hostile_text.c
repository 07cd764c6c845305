/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests: texts that mean to act on a terminal, on SQL or on a reader's eyes,
 * brought past the screens straight to the ledger as a clerk's desk would: into every field of a
 * form, drafts, searches, addresses and the names of accounts.
 *   hostile_text store SOCKET ACCOUNT KEYFILE CODE VALUES   CODE: a form; VALUES: JSON that is
 * right hostile_text keys                                       prints them as lines for `pty`
 * Prints what was kept and what was refused; exit status 0 when what was kept came back word by
 * word, and what may not be kept was refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/proc.h"
#include "book/book.h"
#include "text/input.h"

#define TEXTS_MAX 800
#define FAULTS 16

static char *texts[TEXTS_MAX];
static size_t count;
static struct {
    long asked, kept, refused, wrong;
} seen;

static void add(char *text)
{
    if (count < TEXTS_MAX)
        texts[count++] = text;
}

/* What SQL might make of it: each shape around each word. */
static void add_sql(void)
{
    static const char *const shapes[] = {
        "' OR '1'='1",    "'; %s; --",    "\"; %s; --",
        "') %s --",       "1; %s",        "' UNION %s --",
        "%s/*",           "*/ %s --",     "\\'; %s; --",
        "' || (%s) || '", "%%27; %s --",  "0x27; %s",
        "' AND 1=(%s)--", "'''%s'''",     "`%s`",
        "[%s]",           "$1; %s",       "?1; %s",
        ":a; %s",         "@b; %s",       "%s\xd9\xab\xd9\xab",
        "'%s' COLLATE x", "%s LIKE '%%'", "%s ESCAPE '%%'",
        "%s -- \xd8\xb3",
    };
    static const char *const words[] = {
        "DROP TABLE event",
        "DELETE FROM event",
        "SELECT 1",
        "VACUUM",
        "ATTACH ':memory:'",
        "UPDATE head SET seq",
        "PRAGMA x",
        "SELECT * FROM account",
        "ALTER TABLE request",
        "REINDEX",
        "DROP INDEX i",
        "SELECT load_extension",
        "INSERT INTO draft",
        "SAVEPOINT a",
        "COMMIT",
        "ROLLBACK",
        "CREATE TRIGGER t",
        "DETACH main",
        "EXPLAIN SELECT 1",
        "SELECT secret",
    };
    for (size_t i = 0; i < SND_COUNT(shapes); i++)
        for (size_t j = 0; j < SND_COUNT(words); j++) {
            const char *mark = strstr(shapes[i], "%s");
            int before = mark ? (int)(mark - shapes[i]) : (int)strlen(shapes[i]);
            add(x_printf("%.*s%s%s", before, shapes[i], words[j], mark ? mark + 2 : ""));
        }
}

/* Controls of terminals, raw and in UTF-8; characters that turn, hide or resemble others. */
static void add_controls(void)
{
    static const char *const acting[] = {
        "\x1b[2J",
        "\x1b]0;owned\x07",
        "\x1b]8;;http://x\x07y\x1b]8;;\x07",
        "\x1b]52;c;ZWNobw==\x07",
        "\x1bP$q\"p\x1b\\",
        "\x1b[6n",
        "\x1b[?1049l",
        "\x1b[20h",
        "\033c",
        "\x1b(0",
        "\x1b_G\x1b\\",
        "\x1b^pm\x1b\\",
        "\x07",
        "\x08\x08\x08",
        "\x0d",
        "\x0c",
        "\x0e",
        "\x7f",
        "\2332J",
        "\302\2332J",
        "\302\2350;x\302\234",
        "\xc2\x85",
        "\xc2\x90",
        "\xc0\x9b",
        "\xe0\x82\x9b",
        "\xff\xfe",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xe2\x80",
    };
    static const uint32_t points[] = {0x202a, 0x202b,  0x202c,  0x202d,  0x202e,   0x2066, 0x2067,
                                      0x2068, 0x2069,  0x200e,  0x200f,  0x061c,   0xfeff, 0x200d,
                                      0x200c, 0x2028,  0x2029,  0x00ad,  0x034f,   0x180e, 0x2060,
                                      0xfe0f, 0xe0001, 0xe0041, 0xe007f, 0xfff9,   0x0600, 0x06dd,
                                      0xfdfa, 0x0640,  0x0430,  0xff10,  0x1d7ce,  0x0660, 0x06f0,
                                      0x064a, 0x06cc,  0x0643,  0x06a9,  0x10ffff, 0xd7ff, 0x0378};
    for (size_t i = 0; i < SND_COUNT(acting); i++) {
        add(x_strdup(acting[i]));
        add(x_printf("سالم%s سعيد", acting[i]));
    }
    for (size_t i = 0; i < SND_COUNT(points); i++) {
        char utf8[5];
        utf8_put(points[i], utf8);
        add(x_printf("%sسالم", utf8));
        add(x_printf("سالم %sabc%s سعيد", utf8, utf8));
    }
}

static void add_all(void)
{
    char *wide = x_alloc(1000);
    memset(wide, 'w', 999);
    add_controls();
    add(wide);
    add_sql();
}

/* ---- to the ledger ---- */

static void check(int err, const char *what)
{
    if (!err)
        return;
    printf("%s: %s\n", what, err_text(err));
    exit(2);
}

static struct book *log_in(const char *socket, const char *account, const char *key,
                           const char *peer)
{
    struct book *book = NULL;
    struct book_me me;
    check(book_open(socket, &book), "open");
    check(book_auth_key(book, account, key, peer, &me), "login");
    return book;
}

/* A value that was kept must be what was typed; one that may not be kept must not be. */
static void judge_kept(struct book *book, const char *number, int field, const char *text)
{
    struct arena *arena = arena_new();
    struct book_detail detail = {0};
    int err = book_request_get(book, number, arena, &detail);
    const char *value = err ? NULL : detail.record->value[field];
    seen.kept++;
    if (err || !value || strcmp(value, text) != 0 || !input_is_clean(text)) {
        seen.wrong++;
        printf("kept wrongly in field %d: %zu bytes (%s)\n", field, strlen(text), err_text(err));
    }
    record_free(&detail.record);
    arena_free(&arena);
}

static void submit(struct book *book, struct record *record, int field, const char *text)
{
    struct book_receipt receipt;
    struct fault faults[FAULTS];
    size_t many;
    struct id id = id_new();
    char *before = record->value[field] ? x_strdup(record->value[field]) : NULL;
    record_set(record, field, text);
    seen.asked++;
    int err = book_submit(book, &id, record, &receipt, faults, FAULTS, &many);
    if (!err)
        judge_kept(book, receipt.number, field, text);
    else
        seen.refused++;
    record_set(record, field, before);
    x_free(&before);
}

static void put_draft(struct book *book, const struct record *record, const char *text)
{
    struct book_draft draft = {.id = id_new(), .field = 1};
    (void)str_copy(draft.service, sizeof draft.service, record->form->code);
    memcpy(draft.sha, record->form->sha, HASH_SIZE);
    (void)str_copy(draft.summary, sizeof draft.summary, text);
    if (book_draft_put(book, &draft, text, record) == 0)
        (void)!book_draft_flush(book);
    (void)!book_draft_release(book, &draft.id);
}

static void search(struct book *book, const char *text)
{
    struct arena *arena = arena_new();
    struct book_request *rows;
    size_t many;
    (void)!book_request_list(book, text, "", 10, arena, &rows, &many);
    arena_free(&arena);
}

static void name_account(struct book *shell, const char *text, size_t n)
{
    struct book_account account = {.role = ROLE_CLERK};
    (void)str_format(account.account, sizeof account.account, "h%zu", n);
    (void)str_copy(account.name, sizeof account.name, text);
    (void)str_copy(account.centre, sizeof account.centre, "DA01-003");
    seen.asked++;
    if (book_account_add(shell, &account, "")) {
        seen.refused++;
        return;
    }
    seen.kept++;
    if (input_is_clean(text))
        return;
    seen.wrong++;
    printf("an account was named wrongly: %zu bytes\n", strlen(text));
}

static void store(const char *socket, const char *account, const char *key, const char *code,
                  const char *values)
{
    struct arena *arena = arena_new();
    struct book_service *service;
    const struct form *form = NULL;
    struct record *record = NULL;
    struct book *shell = NULL;
    struct book_me me;
    size_t many;
    struct book *book = log_in(socket, account, key, "10.0.0.9:1");
    check(book_service_list(book, arena, &service, &many), "services");
    for (size_t i = 0; i < many; i++)
        if (strcmp(service[i].code, code) == 0)
            check(book_form(book, service[i].sha, &form), "form");
    if (!form)
        check(SND_E_NOTFOUND, code);
    check(record_from_json(form, values, strlen(values), &record), "values");
    check(book_open(socket, &shell), "open");
    check(book_auth_cli(shell, &me), "command line");
    for (size_t i = 0; i < count; i++) {
        /* A record can't be made of what is no text. */
        for (size_t field = 0; field < form->fields && json_text_fits(texts[i]); field++)
            submit(book, record, (int)field, texts[i]);
        search(book, texts[i]);
        if (i % 8 == 0 && json_text_fits(texts[i])) {
            put_draft(book, record, texts[i]);
            name_account(shell, texts[i], i);
        }
    }
    for (size_t i = 0; i < count && i < 40; i++) { /* addresses that are none */
        struct book *other = log_in(socket, account, key, texts[i]);
        search(other, "سالم");
        book_close(&other);
    }
    record_free(&record);
    book_close(&shell);
    book_close(&book);
    arena_free(&arena);
}

static void print_keys(void)
{
    for (size_t i = 0; i < count; i++) {
        for (const uint8_t *at = (const uint8_t *)texts[i]; *at; at++)
            printf(*at > ' ' && *at < 0x7f && *at != '\\' ? "%c" : "\\x%02x", *at);
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    char *key = NULL, *values = NULL;
    size_t len;
    add_all();
    if (argc == 2 && strcmp(argv[1], "keys") == 0) {
        print_keys();
        return 0;
    }
    if (argc != 7 || strcmp(argv[1], "store") != 0) {
        fputs("usage: hostile_text keys | store SOCKET ACCOUNT KEYFILE CODE VALUES\n", stderr);
        return 2;
    }
    check(proc_read_file(argv[4], 65536, &key, &len), argv[4]);
    check(proc_read_file(argv[6], 65536, &values, &len), argv[6]);
    char *blank = strchr(key, ' '); /* type, base64, and the comment goes */
    if (blank && (blank = strpbrk(blank + 1, " \n")) != NULL)
        *blank = '\0';
    store(argv[2], argv[3], key, argv[5], values);
    printf("texts %zu asked %ld kept %ld refused %ld wrong %ld\n", count, seen.asked, seen.kept,
           seen.refused, seen.wrong);
    return seen.wrong > 0 || seen.kept == 0 || seen.refused == 0;
}
