/* SPDX-License-Identifier: Apache-2.0
 * Documents in the ledger: sent in pieces and cut off, twice the same, not what they are said to
 * be, too long, too many; attached to requests, carried by hash, sealed anew, let go of; and the
 * ledger killed in the middle of it. */
#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define MIB (1024 * 1024)
#define SCAN 300001 /* bytes of a usual document: not a multiple of anything */

static uint8_t with_document[HASH_SIZE]; /* the form TS-03 */

/* ---- documents ---- */

/* A PDF of two pages of that many bytes; `seed` makes it another one. */
static uint8_t *pdf_make(size_t len, uint32_t seed)
{
    static const char head[] = "%PDF-1.4\n<</Type/Page>><</Type/Page>>stream\n";
    uint8_t *bytes = x_alloc(len + 1);
    for (size_t i = 0; i < len; i++)
        bytes[i] =
            (uint8_t)("0123456789abcdef"[(i * 2654435761u + seed * 97 + i / 4096) >> 7 & 15]);
    memcpy(bytes, head, sizeof head - 1);
    memcpy(bytes + len - 6, "%%EOF\n", 6);
    return bytes;
}

static int put_all(struct book *book, const struct id *id, const uint8_t *bytes, int64_t from,
                   int64_t to)
{
    int err = 0;
    while (from < to && !err) {
        size_t len = to - from < BOOK_PIECE ? (size_t)(to - from) : BOOK_PIECE;
        err = book_inbox_put(book, id, from, bytes + from, len, &from);
    }
    return err;
}

/* Sends a whole document. */
static int send(struct book *book, const char *name, const uint8_t *bytes, size_t len,
                struct book_document *out, enum book_finished *how)
{
    struct id id;
    int64_t have;
    int err = book_inbox_begin(book, name, (int64_t)len, 0, &id, &have);
    if (!err)
        err = put_all(book, &id, bytes, 0, (int64_t)len);
    return err ? err : book_inbox_end(book, &id, out, how);
}

/* ---- files below the folder ---- */

static int files_seen;
static char needle[64];
static int needle_seen;

static int see(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)where;
    if (kind != FTW_F)
        return 0;
    files_seen++;
    FILE *file = fopen(path, "rb");
    char *text = x_alloc(4 * MIB);
    size_t got = file ? fread(text, 1, 4 * MIB, file) : 0;
    if (needle[0] && memmem(text, got, needle, strlen(needle)))
        needle_seen++;
    if (file)
        fclose(file);
    x_free(&text);
    return 0;
}

static int files(const struct rig *rig)
{
    char path[128];
    (void)str_format(path, sizeof path, "%s/blobs", rig->folder);
    files_seen = needle_seen = 0;
    nftw(path, see, 8, FTW_PHYS);
    return files_seen;
}

/* ---- the tests ---- */

static void sent(const struct rig *rig, struct book *clerk)
{
    uint8_t *bytes = pdf_make(SCAN, 1), sha[HASH_SIZE];
    struct book_document document, *list;
    enum book_finished how;
    size_t count;
    struct arena *arena = arena_new();
    hash_bytes(bytes, SCAN, sha);
    tap_is_int(send(clerk, "بطاقة سالم.pdf", bytes, SCAN, &document, &how), 0,
               "a document is sent");
    tap_ok(how == BOOK_DONE && document.type == FILETYPE_PDF && document.pages == 2 &&
               document.size == SCAN && memcmp(document.sha, sha, HASH_SIZE) == 0,
           "its type, pages, size and hash are known");
    tap_is_int(send(clerk, "بطاقة سالم.pdf", bytes, SCAN, &document, &how), SND_E_EXISTS,
               "a name stands in the inbox once");
    tap_is_int(book_inbox_list(clerk, "", arena, &list, &count), 0, "the inbox is listed");
    tap_ok(count == 1 && list[0].whole && strcmp(list[0].name, "بطاقة سالم.pdf") == 0, "with it");
    (void)str_copy(needle, sizeof needle, "/Type/Page>><</Type");
    tap_ok(files(rig) == 1 && needle_seen == 0, "it lies in one file, sealed");
    struct book *owner = rig_login(rig, "owner");
    tap_ok(book_inbox_list(owner, "", arena, &list, &count) == 0 && count == 0,
           "another person's inbox doesn't show it");
    tap_is_int(book_inbox_drop(owner, &document.id), SND_E_NOTFOUND, "nor can it be dropped there");
    tap_is_int(send(owner, "other.pdf", bytes, SCAN, &document, &how), 0, "the same, sent again");
    tap_ok(how == BOOK_DONE, "by somebody else");
    (void)files(rig);
    tap_ok(files_seen <= 2, "is kept once");
    book_close(&owner);
    x_free(&bytes);
    arena_free(&arena);
}

static void cut_off(struct book *clerk)
{
    uint8_t *bytes = pdf_make(SCAN, 2);
    struct book_document document;
    enum book_finished how = BOOK_MORE;
    struct id id, again;
    int64_t have = -1;
    tap_is_int(book_inbox_begin(clerk, "cut.pdf", SCAN, 0, &id, &have), 0, "one begins");
    tap_is_int(put_all(clerk, &id, bytes, 0, 100001), 0, "and is cut off");
    tap_ok(book_inbox_end(clerk, &id, &document, &how) == 0 && how == BOOK_CUT,
           "it is not whole, and stays");
    tap_ok(book_inbox_begin(clerk, "cut.pdf", SCAN, 1, &again, &have) == 0 && have == 100001 &&
               id_equal(&id, &again),
           "it is gone on with where it ended");
    tap_ok(book_inbox_put(clerk, &id, 200000, bytes + 200000, 1000, &have) == 0 && have == 100001,
           "a piece beyond the end is not taken");
    tap_ok(book_inbox_put(clerk, &id, 0, bytes, 40000, &have) == 0 && have == 100001,
           "one that is there is passed over");
    tap_ok(book_inbox_put(clerk, &id, 90001, bytes + 90001, 20000, &have) == 0 && have == 110001,
           "of one that is half there the rest is");
    tap_is_int(put_all(clerk, &id, bytes, have, SCAN), 0, "the rest comes");
    tap_ok(book_inbox_end(clerk, &id, &document, &how) == 0 && how == BOOK_DONE, "it is whole");
    uint8_t sha[HASH_SIZE];
    hash_bytes(bytes, SCAN, sha);
    tap_ok(memcmp(sha, document.sha, HASH_SIZE) == 0, "and what was sent");
    tap_ok(book_inbox_end(clerk, &id, &document, &how) == 0 && how == BOOK_DONE &&
               memcmp(sha, document.sha, HASH_SIZE) == 0,
           "asked again it says the same");
    tap_is_int(book_inbox_put(clerk, &id, SCAN, bytes, 10, &have), SND_E_EXISTS,
               "nothing is added to what is whole");
    x_free(&bytes);
}

static void refused(const struct rig *rig, struct book *clerk)
{
    static const char *const names[] = {"",
                                        ".",
                                        "..",
                                        "../x",
                                        "a/b.pdf",
                                        "a\\b",
                                        ".hidden",
                                        "a\nb",
                                        "a\033[2J",
                                        "a\342\200\256fdp.exe",
                                        "e\314\201.pdf"};
    uint8_t *bytes = pdf_make(2 * MIB, 3);
    struct book_document document;
    enum book_finished how = BOOK_MORE;
    struct id id;
    int64_t have;
    char longest[300];
    int before = files(rig), refused = 0;
    for (size_t i = 0; i < SND_COUNT(names); i++)
        refused += book_inbox_begin(clerk, names[i], 10, 0, &id, &have) == SND_E_BAD;
    tap_is_int(refused, (int)SND_COUNT(names), "names that lead elsewhere or hide something");
    memset(longest, 'a', sizeof longest);
    longest[255] = '\0';
    tap_is_int(book_inbox_begin(clerk, longest, 10, 0, &id, &have), 0, "255 bytes are a name");
    tap_is_int(book_inbox_drop(clerk, &id), 0, "an entry is dropped");
    memcpy(bytes, "MZ\220\0", 4);
    tap_ok(send(clerk, "scan.pdf", bytes, 5000, &document, &how) == 0 && how == BOOK_TYPE,
           "a program that is called a PDF is refused");
    memcpy(bytes, "%PDF", 4);
    tap_is_int(send(clerk, "long.pdf", bytes, 2 * MIB, &document, &how), SND_E_LIMIT,
               "one that says it is too long");
    tap_is_int(book_inbox_begin(clerk, "liar.pdf", 10, 0, &id, &have), 0,
               "one that doesn't say so");
    tap_is_int(put_all(clerk, &id, bytes, 0, 2 * MIB), SND_E_LIMIT, "is stopped on its way");
    tap_is_int(book_inbox_put(clerk, &id, INT64_MAX, bytes, 10, &have), SND_E_LIMIT,
               "an offset beyond everything");
    tap_is_int(book_inbox_put(clerk, &id, -1, bytes, 10, &have), SND_E_LIMIT,
               "or before the start");
    tap_is_int(book_inbox_drop(clerk, &id), 0, "away with it");
    char name[32];
    int err = 0, held = 0;
    for (; held < 20 && !err; held++) {
        (void)str_format(name, sizeof name, "fill%d.pdf", held);
        memcpy(bytes + 50, name, strlen(name));
        uint8_t *whole = pdf_make(900000, (uint32_t)(100 + held));
        err = send(clerk, name, whole, 900000, &document, &how);
        x_free(&whole);
    }
    tap_ok(err == SND_E_LIMIT && held > 1 && held < 5, "a centre's inbox has its bounds");
    struct book_document *list;
    size_t count;
    struct arena *arena = arena_new();
    err = book_inbox_list(clerk, "", arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        if (strncmp(list[i].name, "fill", 4) == 0)
            err = book_inbox_drop(clerk, &list[i].id);
    tap_is_int(err, 0, "and has room again once some are taken out");
    tap_note("%d files before, %d now", before, files(rig));
    arena_free(&arena);
    x_free(&bytes);
}

/* Hash of the clerk's inbox entry of that name, as a value. */
static int value_of(struct book *book, const char *name, char out[80])
{
    struct book_document *list;
    size_t count;
    struct arena *arena = arena_new();
    int err = book_inbox_list(book, "", arena, &list, &count);
    char hex[HASH_TEXT] = "";
    for (size_t i = 0; !err && i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            hex_text(list[i].sha, HASH_SIZE, hex);
    arena_free(&arena);
    (void)str_format(out, 80, "att:%s", hex);
    return err ? err : hex[0] ? 0 : SND_E_NOTFOUND;
}

static struct record *record_with(struct book *book, const char *value)
{
    const struct form *form;
    if (book_form(book, with_document, &form))
        return NULL;
    struct record *record = record_new(form);
    record_set(record, form_field(form, "civil"), "12345678");
    record_set(record, form_field(form, "name"), "سالم بن حمد");
    record_set(record, form_field(form, "mobile"), "92345678");
    record_set(record, form_field(form, "capacity"), "self");
    record_set(record, form_field(form, "doc_id"), value);
    return record;
}

static int submit(struct book *book, const char *value, char number[BOOK_NUMBER],
                  struct fault *fault)
{
    struct book_receipt receipt = {0};
    struct id id = id_new();
    size_t count = 0;
    struct record *record = record_with(book, value);
    int err = book_submit(book, &id, record, &receipt, fault, 1, &count);
    (void)str_copy(number, BOOK_NUMBER, receipt.number);
    record_free(&record);
    return err;
}

static void attached(struct book *clerk, struct book *owner, char number[BOOK_NUMBER])
{
    char value[80], left[80], second[BOOK_NUMBER];
    struct fault fault = {0};
    struct book_document *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    tap_is_int(value_of(clerk, "cut.pdf", value), 0, "a document of the inbox");
    tap_is_int(submit(owner, value, second, &fault), SND_E_INVALID, "is not another's to give");
    tap_is(fault_word(fault.rule), "stored", "and the field is said");
    tap_is_int(submit(clerk, "att:12345678", second, &fault), SND_E_INVALID,
               "half a hash is no document");
    tap_is_int(submit(clerk, "", second, &fault), SND_E_INVALID, "a required one must be there");
    tap_is_int(submit(clerk, "none:بلا", second, &fault), 0, "or its absence justified");
    tap_is_int(submit(clerk, value, number, &fault), 0, "its own sender's request has it");
    tap_is_int(book_document_list(clerk, number, arena, &list, &count), 0, "it is listed");
    tap_ok(count == 1 && list[0].whole && list[0].pages == 2 && list[0].size == SCAN &&
               strcmp(list[0].role, "doc_id") == 0 && strcmp(list[0].name, "cut.pdf") == 0,
           "with field, name, size and pages");
    tap_ok(value_of(clerk, "cut.pdf", left) == SND_E_NOTFOUND, "and has left the inbox");
    tap_is_int(book_inbox_list(clerk, "12345678", arena, &list, &count), 0,
               "who has the person before him");
    int known = 0;
    for (size_t i = 0; i < count; i++)
        known += id_is_zero(&list[i].id) && strcmp(list[i].role, "doc_id") == 0;
    tap_is_int(known, 1, "is offered it again");
    tap_is_int(submit(owner, value, second, &fault), 0, "one document serves several requests");
    struct buf piece = BUF_INIT(BOOK_PIECE);
    uint8_t *bytes = pdf_make(SCAN, 2), sha[HASH_SIZE];
    hash_bytes(bytes, SCAN, sha);
    tap_ok(book_document_get(clerk, number, sha, 100000, 5000, &piece) == 0 && piece.len == 5000 &&
               memcmp(piece.data, bytes + 100000, 5000) == 0,
           "and is read back");
    tap_is_int(book_document_drop(clerk, second, "doc_id", sha), 0, "it is taken off one");
    tap_ok(book_document_list(clerk, second, arena, &list, &count) == 0 && count == 0, "it is off");
    tap_is_int(book_document_attach(clerk, second, "doc_id", sha), 0, "and attached again");
    tap_is_int(book_document_attach(clerk, second, "doc_id", sha), SND_E_EXISTS, "once");
    tap_is_int(book_document_attach(clerk, second, "name", sha), SND_E_BAD,
               "and only to a document's field");
    buf_free(&piece);
    x_free(&bytes);
    arena_free(&arena);
}

static void by_hash(struct book *shell)
{
    uint8_t *bytes = pdf_make(SCAN, 2), sha[HASH_SIZE], other[HASH_SIZE] = {7};
    struct book_blob blob, *list;
    struct buf all = BUF_INIT(SCAN), piece = BUF_INIT(BOOK_PIECE);
    size_t count;
    int64_t total, have;
    int whole, err = 0;
    struct arena *arena = arena_new();
    hash_bytes(bytes, SCAN, sha);
    tap_ok(book_blob_head(shell, sha, &blob) == 0 && blob.whole && blob.size == SCAN,
           "a document is known by its hash");
    while (!err && all.len < SCAN) {
        buf_clear(&piece);
        err = book_blob_get(shell, sha, (int64_t)all.len, 30000, &piece);
        buf_put(&all, piece.data, piece.len);
    }
    tap_ok(!err && all.len == SCAN && memcmp(all.data, bytes, SCAN) == 0, "and carried in pieces");
    buf_clear(&piece);
    tap_is_int(book_blob_get(shell, sha, SCAN + 1, 10, &piece), SND_E_BAD,
               "30: an offset beyond its size is refused");
    tap_is_int(book_blob_head(shell, other, &blob), SND_E_NOTFOUND, "what nobody has is not known");
    tap_is_int(book_blob_begin(shell, other, &have, &whole), SND_E_NOTFOUND, "nor taken");
    tap_ok(book_blob_begin(shell, sha, &have, &whole) == 0 && whole && have == SCAN,
           "30: what is here needs no second upload");
    tap_ok(book_blob_missing(shell, 10, arena, &list, &count, &total) == 0 && total == 0,
           "nothing is missing");
    tap_ok(book_blob_unsent(shell, 10, arena, &list, &count, &total) == 0 && total == 1,
           "one was not sent yet");
    tap_is_int(book_blob_sent(shell, sha), 0, "now it was");
    tap_ok(book_blob_unsent(shell, 10, arena, &list, &count, &total) == 0 && total == 0, "none is");
    buf_free(&all);
    buf_free(&piece);
    x_free(&bytes);
    arena_free(&arena);
}

/* Another office that has the events and not the documents: here the file is taken away. */
static void lacking(struct rig *rig)
{
    char command[256];
    uint8_t *bytes = pdf_make(SCAN, 2), sha[HASH_SIZE];
    struct book_blob *list;
    size_t count = 0;
    int64_t total = 0, have = -1;
    int whole = -1;
    enum book_finished how = BOOK_MORE;
    struct arena *arena = arena_new();
    hash_bytes(bytes, SCAN, sha);
    rig_end(rig, SIGTERM);
    (void)str_format(command, sizeof command,
                     "sqlite3 %s \"DELETE FROM blob_file WHERE sha IN (SELECT sha FROM blob)\"",
                     rig->db);
    tap_is_int(system(command), 0, "the document's file is gone");
    tap_is_int(rig_check(rig, NULL), 1, "and the check says so");
    rig_start(rig);
    struct book *shell = rig_shell(rig);
    tap_ok(book_blob_missing(shell, 10, arena, &list, &count, &total) == 0 && total == 1 &&
               memcmp(list[0].sha, sha, HASH_SIZE) == 0 && list[0].size == SCAN,
           "30: it is missing, and that is known");
    tap_ok(book_blob_begin(shell, sha, &have, &whole) == 0 && have == 0 && !whole, "it comes");
    bytes[5000] ^= 1;
    for (have = 0; have < SCAN;)
        if (book_blob_put(shell, sha, have, bytes + have,
                          SCAN - have < BOOK_PIECE ? (size_t)(SCAN - have) : BOOK_PIECE, &have))
            break;
    tap_ok(book_blob_end(shell, sha, &how) == 0 && how == BOOK_SHA,
           "30: bytes that are not what they should be are thrown away");
    bytes[5000] ^= 1;
    tap_ok(book_blob_begin(shell, sha, &have, &whole) == 0 && have == 0, "and it begins anew");
    tap_ok(book_blob_put(shell, sha, 0, bytes, BOOK_PIECE, &have) == 0 && have == BOOK_PIECE,
           "a piece is taken");
    rig_end(rig, SIGKILL);
    rig_start(rig);
    tap_ok(book_blob_begin(shell, sha, &have, &whole) == 0 && have == BOOK_PIECE,
           "the ledger was killed: it goes on from there");
    while (have < SCAN)
        if (book_blob_put(shell, sha, have, bytes + have,
                          SCAN - have < BOOK_PIECE ? (size_t)(SCAN - have) : BOOK_PIECE, &have))
            break;
    tap_ok(book_blob_end(shell, sha, &how) == 0 && how == BOOK_DONE, "and is whole");
    tap_ok(book_blob_end(shell, sha, &how) == 0 && how == BOOK_DONE, "however often that is asked");
    tap_ok(book_blob_missing(shell, 10, arena, &list, &count, &total) == 0 && total == 0,
           "nothing is missing");
    book_close(&shell);
    x_free(&bytes);
    arena_free(&arena);
}

static void sealed_anew(struct book *shell, const char *number, const struct rig *rig)
{
    uint32_t key = 0, dropped = 0;
    int going_on, err;
    int64_t sealed;
    struct buf piece = BUF_INIT(BOOK_PIECE);
    uint8_t *bytes = pdf_make(SCAN, 2), sha[HASH_SIZE];
    hash_bytes(bytes, SCAN, sha);
    struct book *clerk = rig_login(rig, "clerk");
    tap_is_int(book_key_add(shell, &key, &going_on), 0, "the keys are changed");
    do {
        struct book_key_place place = {0};
        int64_t all = 0;
        do {
            err = book_key_reseal(shell, &place, &sealed);
            all += sealed;
        } while (!err && place.more);
        if (!err && all == 0)
            break;
    } while (!err);
    tap_is_int(book_key_drop(shell, &dropped), 0, "and the old one goes");
    tap_ok(book_document_get(clerk, number, sha, SCAN - 10, 100, &piece) == 0 && piece.len == 10,
           "the documents open with the new one");
    book_close(&clerk);
    buf_free(&piece);
    x_free(&bytes);
}

static void let_go(struct rig *rig, struct book *shell)
{
    static const char *const services[] = {"TS-03"};
    struct book_purged purged = {0};
    const struct book_purge what = {
        .class = "test", .service = services, .services = 1, .before = clock_utc_ms() + 1000};
    uint8_t *bytes = pdf_make(SCAN, 2), sha[HASH_SIZE];
    struct book_blob blob;
    hash_bytes(bytes, SCAN, sha);
    tap_ok(book_purge(shell, &what, &purged) == 0 && purged.requests == 3, "requests are purged");
    tap_is_int(book_blob_head(shell, sha, &blob), SND_E_NOTFOUND, "and with them their documents");
    rig_end(rig, SIGTERM);
    rig_start(rig); /* sweeps first */
    struct book *again = rig_shell(rig);
    (void)!book_blob_head(again, sha, &blob);
    int64_t until = clock_mono_ms() + 60000;
    while (files(rig) > 2 && clock_mono_ms() < until)
        usleep(20000);
    /* One of the owner's inbox, and the one that lost its row above. */
    tap_is_int(files(rig), 2, "whose files are removed");
    book_close(&again);
    x_free(&bytes);
}

static int load_form(struct book *sup)
{
    static const char *const names[] = {"capacities"};
    static const char *const texts[] = {rig_list};
    char text[RIG_FORM];
    int added;
    rig_form_text("TS-03", text);
    size_t len = strlen(text);
    (void)str_copy(text + len, sizeof text - len,
                   "[field doc_id]\ntype = doc\nlabel.ar = البطاقة\nlabel.en = Card\n"
                   "required = yes\n");
    return book_form_load(sup, text, 1, names, texts, NULL, with_document, &added);
}

int main(void)
{
    struct rig rig;
    char number[BOOK_NUMBER] = "";
    rig_make(&rig, RIG_USUAL);
    rig.document_mib = 1;
    rig.inbox_mib = 3;
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk"), *owner = rig_login(&rig, "owner");
    struct book *shell = rig_shell(&rig);
    tap_is_int(load_form(shell), 0, "a form with a document");
    sent(&rig, clerk);
    cut_off(clerk);
    refused(&rig, clerk);
    attached(clerk, owner, number);
    by_hash(shell);
    book_close(&clerk);
    book_close(&owner);
    book_close(&shell);
    rig_end(&rig, SIGTERM);
    tap_is_int(rig_check(&rig, NULL), 0, "the book agrees with its events and its documents");
    lacking(&rig);
    shell = rig_shell(&rig);
    sealed_anew(shell, number, &rig);
    let_go(&rig, shell);
    book_close(&shell);
    rig_end(&rig, SIGTERM);
    tap_is_int(rig_check(&rig, NULL), 0, "and agrees in the end");
    rig_remove(&rig);
    return tap_done();
}
