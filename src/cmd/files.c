/* SPDX-License-Identifier: Apache-2.0
 * What a clerk sees over SFTP. Nothing of it is a folder on a disk: names are looked up in the
 * ledger, as the person who logged in, and what that person may not see is not there. The inbox
 * takes a file once under a name, goes on with one that was cut off, and gives nothing back; the
 * outbox only gives: papers to be printed (what services need today, blank forms, requests within
 * reach, one's own drafts), as text and as pages, and requests' documents, whose opening the ledger
 * keeps as it keeps it when one is opened on the screen.
 *
 * Who must type codes by time, or choose a password first, gets no files: those are questions for a
 * screen, and a key alone is not enough for them. But an agency's officer, who reads a request with
 * its documents, takes those out while the screen that asked for the code is open: the ledger holds
 * it to that. Nothing else is there for officers. */
#include "cmd/files.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/ctl.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "paper/paper.h"
#include "ssh/sftp.h"
#include "text/date.h"
#include "text/input.h"

#define INBOX "/inbox"
#define OUTBOX "/outbox"
#define SERVICES "/outbox/services"
#define REQUESTS "/outbox/requests"
#define DOCUMENTS "/outbox/documents" /* a folder for each request */
#define FORMS "/outbox/forms"         /* to be filled in by hand */
#define DRAFTS "/outbox/drafts"       /* one's own, to be read and signed */
#define TEXT_MOST (512 * 1024)

struct files {
    const struct files_args *args;
};
/* One open file: a document on its way in, or a text or a request's document on its way out. */
struct file {
    struct files *files;
    int inward;
    char number[BOOK_NUMBER]; /* whose document it is, "" = it is none */
    uint8_t sha[HASH_SIZE];
    int64_t size;
    struct id entry;
    int64_t have, told; /* what the ledger has, and what the client has sent */
    struct buf bytes;   /* not yet with the ledger; or the text */
};
struct list {
    struct arena *arena;
    struct sftp_entry *entry;
    size_t count, at;
};

static void tell(const struct files *files, const char *line)
{
    struct ctl message = {.type = CTL_SAY};
    (void)str_format(message.text, sizeof message.text, "%s\r\n", line);
    if (ctl_send(files->args->ctl, &message))
        log_debug("files.unheard", "part=%s", "line");
}

static const char screen_first[] =
    N_("First log in with ssh from this computer, type your code and leave that screen open; then "
       "take the document out.");

static void tell_why(const struct files *files, int err)
{
    static const struct {
        int err;
        const char *line;
    } lines[] = {
        {SND_E_EXISTS, N_("The inbox has a whole document of that name: choose another name.")},
        {SND_E_LIMIT,
         N_("The document is too large, or the inbox is full: attach or remove some.")},
        {SND_E_FULL, N_("The office's disk is nearly full: tell the administrator.")},
        {SND_E_BAD, N_("Choose a plain name of at most 255 bytes for the file.")},
        {SND_E_DENIED, N_("Documents go into inbox; outbox is for taking out.")},
    };
    if (err == SND_E_DENIED && !op_allows(OP_INBOX_PUT, files->args->me->role)) {
        tell(files, _("Documents are only taken out here."));
        return;
    }
    for (size_t i = 0; i < SND_COUNT(lines); i++)
        if (lines[i].err == err)
            tell(files, _(lines[i].line));
}

/* ---- names ---- */

/* Each is there for who may do that. */
static const struct folder {
    const char *path;
    enum operation needs;
} folders[] = {{"/", OP_ACCOUNT_ME},          {INBOX, OP_INBOX_PUT},
               {OUTBOX, OP_ACCOUNT_ME},       {SERVICES, OP_REQUEST_SUBMIT},
               {REQUESTS, OP_REQUEST_SUBMIT}, {DOCUMENTS, OP_DOCUMENT_GET},
               {FORMS, OP_REQUEST_SUBMIT},    {DRAFTS, OP_DRAFT_LOOK}};

static int has_folder(const struct files *files, const struct folder *folder)
{
    return op_allows(folder->needs, files->args->me->role);
}

static int is_folder(const char *path)
{
    for (size_t i = 0; i < SND_COUNT(folders); i++)
        if (strcmp(folders[i].path, path) == 0)
            return 1;
    return 0;
}

/* A folder that isn't there for this person, or what would be in it. */
static int is_hidden(const struct files *files, const char *path)
{
    for (size_t i = 0; i < SND_COUNT(folders); i++) {
        size_t len = strlen(folders[i].path);
        if (!has_folder(files, &folders[i]) && strncmp(path, folders[i].path, len) == 0 &&
            (path[len] == '\0' || path[len] == '/'))
            return 1;
    }
    return 0;
}

/* What stands below that folder, or NULL. */
static const char *below(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    const char *name = path + len + 1;
    return strncmp(path, folder, len) == 0 && path[len] == '/' && *name && !strchr(name, '/')
               ? name
               : NULL;
}

/* A file's name as it is kept: 0 or SND_E_BAD. */
static int clean_name(const char *name, char out[BOOK_FILE_NAME])
{
    struct buf clean = BUF_INIT(4 * SFTP_PATH);
    int err = input_clean(name, strlen(name), &clean);
    if (!err)
        err = str_copy(out, BOOK_FILE_NAME, buf_text(&clean)) ? SND_E_BAD : 0;
    buf_free(&clean);
    return err;
}

/* As what a paper is given. */
static const struct ending {
    const char *tail;
    void (*put)(const struct paper *paper, struct buf *out);
} endings[] = {{".txt", paper_text}, {".html", paper_page}};

/* The code or number of a paper's name, and as what it is wanted; or NULL. */
static const struct ending *paper_name(const char *name, char *out, size_t size)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < SND_COUNT(endings); i++) {
        size_t tail = strlen(endings[i].tail);
        if (len > tail && strcmp(name + len - tail, endings[i].tail) == 0)
            return str_format(out, size, "%.*s", (int)(len - tail), name) ? NULL : &endings[i];
    }
    return NULL;
}

/* ---- lists ---- */

static void list_add(struct list *list, const char *name, const struct sftp_attr *attr)
{
    list->entry[list->count++] =
        (struct sftp_entry){.name = arena_strdup(list->arena, name), .attr = *attr};
}

static void list_room(struct list *list, size_t count)
{
    list->entry = arena_alloc(list->arena, (count + 1) * sizeof *list->entry);
}

/* ---- the inbox ---- */

static int inbox_find(const struct files *files, const char *typed, struct book_document *out)
{
    char name[BOOK_FILE_NAME];
    struct book_document *list;
    size_t count = 0;
    int err = clean_name(typed, name);
    if (err)
        return err;
    struct arena *arena = arena_new();
    err = book_inbox_list(files->args->book, "", arena, &list, &count);
    int found = 0;
    for (size_t i = 0; !err && i < count && !found; i++)
        if (strcmp(list[i].name, name) == 0) {
            *out = list[i];
            found = 1;
        }
    arena_free(&arena);
    return err ? err : found ? 0 : SND_E_NOTFOUND;
}

static int inbox_open(struct files *files, const char *typed, unsigned how, struct file **out)
{
    char name[BOOK_FILE_NAME];
    struct file *file;
    struct id id;
    int64_t have = 0;
    if (!(how & SFTP_OPEN_WRITE) || (how & SFTP_OPEN_READ))
        return SND_E_DENIED;
    int err = clean_name(typed, name);
    if (!err)
        err =
            book_inbox_begin(files->args->book, name, 0, (how & SFTP_OPEN_APPEND) != 0, &id, &have);
    if (err) {
        tell_why(files, err);
        return err;
    }
    file = x_alloc(sizeof *file);
    *file = (struct file){.files = files, .inward = 1, .entry = id, .have = have, .told = have};
    file->bytes = BUF_INIT(BOOK_PIECE);
    *out = file;
    return 0;
}

/* What the client has sent goes to the ledger. */
static int inbox_flush(struct file *file)
{
    struct book *book = file->files->args->book;
    int64_t have = 0;
    if (file->bytes.len == 0)
        return 0;
    int err =
        book_inbox_put(book, &file->entry, file->have, file->bytes.data, file->bytes.len, &have);
    if (!err && have != file->told)
        err = SND_E_CONFLICT;
    file->have = err ? file->have : have;
    buf_clear(&file->bytes);
    if (err)
        tell_why(file->files, err);
    return err;
}

static int file_write(void *opaque, int64_t offset, const void *bytes, size_t len)
{
    struct file *file = opaque;
    const uint8_t *at = bytes;
    if (!file->inward)
        return SND_E_DENIED;
    if (offset != file->told)
        return SND_E_DENIED; /* what was sent is not sent again, and nothing is left out */
    while (len > 0) {
        size_t room = BOOK_PIECE - file->bytes.len, part = len < room ? len : room;
        buf_put(&file->bytes, at, part);
        file->told += (int64_t)part;
        at += part;
        len -= part;
        int err = file->bytes.len == BOOK_PIECE ? inbox_flush(file) : 0;
        if (err)
            return err;
    }
    return 0;
}

/* What became of it, in words. */
static int inbox_finish(struct file *file)
{
    struct book_document document;
    enum book_finished how = BOOK_MORE;
    int err = book_inbox_end(file->files->args->book, &file->entry, &document, &how);
    if (err)
        return err;
    if (how == BOOK_TYPE) {
        tell(file->files, _("That file is no PDF, JPEG, PNG or TIFF: it was not kept."));
        return SND_E_BAD;
    }
    if (how == BOOK_CUT) {
        tell(file->files,
             _("The end of that file is missing: send it again, or go on with reput."));
        return SND_E_LOST;
    }
    return how == BOOK_DONE ? 0 : SND_E_BAD;
}

static int file_close(void *opaque, int whole)
{
    struct file *file = opaque;
    int err = file->inward ? inbox_flush(file) : 0;
    if (!err && file->inward && whole)
        err = inbox_finish(file);
    buf_free(&file->bytes);
    x_free(&file);
    return err;
}

/* ---- the outbox ---- */

static int find_form(const struct files *files, const char *code, struct arena *arena,
                     const struct form **out)
{
    struct book_service *list;
    size_t count = 0;
    int err = book_service_list(files->args->book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        if (strcmp(list[i].code, code) == 0)
            return book_form(files->args->book, list[i].sha, out);
    return err ? err : SND_E_NOTFOUND;
}

static int service_paper(const struct files *files, const char *code, struct arena *arena,
                         struct paper *out)
{
    const struct form *form;
    int err = find_form(files, code, arena, &form);
    if (err)
        return err;
    paper_begin(out, paper_title(form, arena), arena);
    paper_sheet(out, form, files->args->me->today);
    return 0;
}

static int blank_paper(const struct files *files, const char *code, struct arena *arena,
                       struct paper *out)
{
    const struct form *form;
    int err = find_form(files, code, arena, &form);
    if (err)
        return err;
    paper_begin(out, paper_title(form, arena), arena);
    paper_blank(out, form);
    paper_end(out, _("Bring this paper, filled in, and the documents to the centre."));
    return 0;
}

static void add_document(struct paper *paper, const struct book_document *document)
{
    char sha[HASH_TEXT];
    hex_text(document->sha, HASH_SIZE, sha);
    paper_add(paper, PAPER_MORE, "",
              arena_printf(paper->arena, "%s  %s  %lld  %u  %s", document->name,
                           filetype_word(document->type), (long long)document->size,
                           (unsigned)document->pages, sha),
              TEXT_LTR);
}

static int request_paper(const struct files *files, const char *number, struct arena *arena,
                         struct paper *out)
{
    struct book_detail detail = {0};
    struct book_document *list;
    size_t count = 0;
    char day[16];
    int err = book_request_get(files->args->book, number, arena, &detail);
    if (!err)
        err = book_document_list(files->args->book, number, arena, &list, &count);
    if (!err) {
        date_text(detail.request.day, CALENDAR_GREGORIAN, day);
        paper_begin(out, paper_title(detail.record->form, arena), arena);
        paper_add(out, PAPER_PAIR, _("Request number"), arena_strdup(arena, number), TEXT_LTR);
        paper_add(out, PAPER_PAIR, _("State"), state_name(detail.request.state, msg_language()),
                  TEXT_AUTO);
        paper_add(out, PAPER_PAIR, _("Day"), arena_strdup(arena, day), TEXT_LTR);
        paper_values(out, detail.record);
        if (count > 0)
            paper_add(out, PAPER_HEADING, _("Documents"), "", TEXT_AUTO);
        for (size_t i = 0; i < count; i++)
            add_document(out, &list[i]);
        paper_proof(out, detail.record);
        paper_end(out, _("The request was recorded as it stands here: this paper is not the "
                         "agency's answer."));
    }
    record_free(&detail.record);
    return err;
}

/* That one of the person's own drafts: 0 or an error. */
static int find_draft(const struct files *files, const char *name, struct arena *arena,
                      struct id *out)
{
    struct book_draft *list;
    size_t count = 0;
    char file[BOOK_TEXT];
    int err = book_draft_list(files->args->book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++) {
        book_draft_file(&list[i], file);
        *out = list[i].id;
        if (strcmp(file, name) == 0)
            return 0;
    }
    return err ? err : SND_E_NOTFOUND;
}

static int draft_paper(const struct files *files, const char *name, struct arena *arena,
                       struct paper *out)
{
    struct id id;
    struct book_draft draft;
    struct record *record = NULL;
    int err = find_draft(files, name, arena, &id);
    if (!err)
        err = book_draft_look(files->args->book, &id, &draft, &record);
    if (!err) {
        paper_begin(out, paper_title(record->form, arena), arena);
        paper_values(out, record);
        paper_proof(out, record);
        paper_end(out, _("The request is not submitted yet: this paper is to be read and signed."));
    }
    record_free(&record);
    return err;
}

static const struct papers {
    const char *folder;
    int (*make)(const struct files *files, const char *name, struct arena *arena,
                struct paper *out);
} papers[] = {{SERVICES, service_paper},
              {FORMS, blank_paper},
              {REQUESTS, request_paper},
              {DRAFTS, draft_paper}};

/* Of which kind a path names one, and its name below; or NULL. */
static const struct papers *papers_of(const char *path, const char **name)
{
    for (size_t i = 0; i < SND_COUNT(papers); i++)
        if ((*name = below(path, papers[i].folder)) != NULL)
            return &papers[i];
    return NULL;
}

/* The paper of that path, if there is one. */
static int out_paper(const struct files *files, const char *path, struct buf *out)
{
    char name[64];
    const char *file;
    struct paper paper;
    const struct papers *of = papers_of(path, &file);
    const struct ending *ending = of ? paper_name(file, name, sizeof name) : NULL;
    if (!ending)
        return SND_E_NOTFOUND;
    struct arena *arena = arena_new();
    int err = of->make(files, name, arena, &paper);
    if (!err)
        ending->put(&paper, out);
    arena_free(&arena);
    return err ? err : out->failed ? SND_E_LIMIT : 0;
}

/* The request's number in a path of a document or of its folder, and what follows it: 1 or 0. */
static int document_path(const char *path, char number[BOOK_NUMBER], const char **name)
{
    size_t len = strlen(DOCUMENTS "/"), end;
    if (strncmp(path, DOCUMENTS "/", len) != 0)
        return 0;
    end = strcspn(path + len, "/");
    *name = path + len + end + (path[len + end] != '\0');
    return str_format(number, BOOK_NUMBER, "%.*s", (int)end, path + len) == 0;
}

/* Worth asking again: a ledger that was started anew has forgotten whose session was vouched for.
 * Who has left the screen since is told. */
static int vouched_again(const struct files *files, int err)
{
    if (err != SND_E_DENIED)
        return 0;
    if (book_totp_vouch(files->args->book) == 0)
        return 1;
    tell(files, _(screen_first));
    return 0;
}

static int documents_of(const struct files *files, const char *number, struct arena *arena,
                        struct book_document **out, size_t *count)
{
    int err = book_document_list(files->args->book, number, arena, out, count);
    return vouched_again(files, err)
               ? book_document_list(files->args->book, number, arena, out, count)
               : err;
}

/* Those whose bytes are all here. */
static int list_documents(const struct files *files, const char *number, struct list *list)
{
    struct book_document *all;
    size_t count = 0;
    int err = documents_of(files, number, list->arena, &all, &count);
    list_room(list, count);
    for (size_t i = 0; !err && i < count; i++)
        if (all[i].whole)
            list_add(
                list, book_document_file(list->arena, all, i),
                &(struct sftp_attr){.has_size = 1, .size = all[i].size, .time = all[i].at / 1000});
    return err;
}

static int document_find(const struct files *files, const char *number, const char *name,
                         struct book_document *out)
{
    struct book_document *all;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = documents_of(files, number, arena, &all, &count), found = 0;
    for (size_t i = 0; !err && i < count && !found; i++)
        if (all[i].whole && strcmp(book_document_file(arena, all, i), name) == 0) {
            *out = all[i];
            found = 1;
        }
    arena_free(&arena);
    return err ? err : found ? 0 : SND_E_NOTFOUND;
}

static int document_read(const struct file *file, int64_t offset, size_t max, struct buf *out)
{
    if (offset >= file->size)
        return 0;
    struct book *book = file->files->args->book;
    uint32_t most = (uint32_t)(max < BOOK_PIECE ? max : BOOK_PIECE);
    int err = book_document_get(book, file->number, file->sha, offset, most, out);
    return vouched_again(file->files, err)
               ? book_document_get(book, file->number, file->sha, offset, most, out)
               : err;
}

static int file_read(void *opaque, int64_t offset, size_t max, struct buf *out)
{
    const struct file *file = opaque;
    if (file->inward)
        return SND_E_DENIED;
    if (file->number[0])
        return document_read(file, offset, max, out);
    if (offset >= (int64_t)file->bytes.len)
        return 0;
    size_t left = file->bytes.len - (size_t)offset;
    buf_put(out, file->bytes.data + offset, left < max ? left : max);
    return 0;
}

static int file_stat(void *opaque, struct sftp_attr *out)
{
    const struct file *file = opaque;
    *out = (struct sftp_attr){.has_size = 1, .time = clock_utc_ms() / 1000};
    out->size = file->inward ? file->told : file->number[0] ? file->size : (int64_t)file->bytes.len;
    return 0;
}

/* ---- the tree ---- */

static int out_open(struct files *files, const char *path, struct file **out)
{
    struct file *file = x_alloc(sizeof *file);
    const char *name;
    int err;
    *file = (struct file){.files = files, .bytes = BUF_INIT(TEXT_MOST)};
    if (document_path(path, file->number, &name)) {
        struct book_document document = {0};
        err = document_find(files, file->number, name, &document);
        memcpy(file->sha, document.sha, HASH_SIZE);
        file->size = document.size;
    } else {
        err = out_paper(files, path, &file->bytes);
    }
    if (err) {
        buf_free(&file->bytes);
        x_free(&file);
    }
    *out = file;
    return err;
}

static int tree_open(void *arg, const char *path, unsigned how, void **out)
{
    struct files *files = arg;
    struct file *file = NULL;
    const char *name = below(path, INBOX);
    int err = SND_E_DENIED;
    if (is_hidden(files, path))
        return SND_E_NOTFOUND;
    if (!name && !is_folder(path) && !(how & ~(unsigned)SFTP_OPEN_READ)) {
        err = out_open(files, path, &file);
    } else {
        if (name)
            err = inbox_open(files, name, how, &file);
        if (err == SND_E_DENIED)
            tell_why(files, err);
    }
    *out = file;
    return err;
}

/* A request's folder, or a document in it. */
static int document_stat(const struct files *files, const char *number, const char *name,
                         struct sftp_attr *out)
{
    struct book_document document, *all;
    size_t count;
    struct arena *arena = arena_new();
    int err;
    if (*name) {
        err = document_find(files, number, name, &document);
        if (!err)
            *out = (struct sftp_attr){
                .has_size = 1, .size = document.size, .time = document.at / 1000};
    } else {
        err = documents_of(files, number, arena, &all, &count);
        out->folder = !err;
    }
    arena_free(&arena);
    return err;
}

static int tree_stat(void *arg, const char *path, struct sftp_attr *out)
{
    const struct files *files = arg;
    struct book_document document;
    char name[64], number[BOOK_NUMBER];
    const char *rest;
    *out = (struct sftp_attr){.time = clock_utc_ms() / 1000};
    if (is_hidden(files, path))
        return SND_E_NOTFOUND;
    out->folder = is_folder(path);
    if (out->folder)
        return 0;
    if (below(path, INBOX)) {
        int err = inbox_find(files, below(path, INBOX), &document);
        *out = (struct sftp_attr){.has_size = 1, .size = document.size, .time = document.at / 1000};
        return err;
    }
    if (document_path(path, number, &rest))
        return document_stat(files, number, rest, out);
    /* How long a paper is, is only known once it is opened. */
    return papers_of(path, &rest) && paper_name(rest, name, sizeof name) ? 0 : SND_E_NOTFOUND;
}

static int list_inbox(const struct files *files, struct list *list)
{
    struct book_document *all;
    size_t count = 0;
    int err = book_inbox_list(files->args->book, "", list->arena, &all, &count);
    list_room(list, count);
    for (size_t i = 0; !err && i < count; i++)
        list_add(list, all[i].name,
                 &(struct sftp_attr){.has_size = 1, .size = all[i].size, .time = all[i].at / 1000});
    return err;
}

/* A paper, as all that it is given as. */
static void list_paper(struct list *list, const char *name, int64_t changed)
{
    for (size_t i = 0; i < SND_COUNT(endings); i++)
        list_add(list, arena_printf(list->arena, "%s%s", name, endings[i].tail),
                 &(struct sftp_attr){.time = changed / 1000});
}

static int list_services(const struct files *files, struct list *list)
{
    struct book_service *all;
    size_t count = 0;
    int err = book_service_list(files->args->book, list->arena, &all, &count);
    list_room(list, count * SND_COUNT(endings));
    for (size_t i = 0; !err && i < count; i++)
        list_paper(list, all[i].code, clock_utc_ms());
    return err;
}

static int list_drafts(const struct files *files, struct list *list)
{
    struct book_draft *all;
    size_t count = 0;
    char name[BOOK_TEXT];
    int err = book_draft_list(files->args->book, list->arena, &all, &count);
    list_room(list, count * SND_COUNT(endings));
    for (size_t i = 0; !err && i < count; i++) {
        book_draft_file(&all[i], name);
        list_paper(list, name, all[i].saved);
    }
    return err;
}

/* Requests within reach, as papers or as the folders of their documents. */
static int list_numbers(const struct files *files, int folder, struct list *list)
{
    struct book_request *all;
    size_t count = 0;
    struct book *book = files->args->book;
    int err = book_request_list(book, "", "", BOOK_PAGE, list->arena, &all, &count);
    if (vouched_again(files, err))
        err = book_request_list(book, "", "", BOOK_PAGE, list->arena, &all, &count);
    list_room(list, count * SND_COUNT(endings));
    for (size_t i = 0; !err && i < count; i++)
        if (folder)
            list_add(list, all[i].number,
                     &(struct sftp_attr){.folder = 1, .time = all[i].changed / 1000});
        else
            list_paper(list, all[i].number, all[i].changed);
    return err;
}

static int list_requests(const struct files *files, struct list *list)
{
    return list_numbers(files, 0, list);
}

static int list_document_folders(const struct files *files, struct list *list)
{
    return list_numbers(files, 1, list);
}

/* The folders right below one. */
static void list_folders(const struct files *files, const char *path, struct list *list)
{
    const struct sftp_attr attr = {.folder = 1, .time = clock_utc_ms() / 1000};
    list_room(list, SND_COUNT(folders));
    for (size_t i = 1; i < SND_COUNT(folders); i++) {
        const char *name = below(folders[i].path, strcmp(path, "/") == 0 ? "" : path);
        if (name && has_folder(files, &folders[i]))
            list_add(list, name, &attr);
    }
}

static int fill_list(const struct files *files, const char *path, struct list *list)
{
    static const struct {
        const char *path;
        int (*list)(const struct files *files, struct list *list);
    } lists[] = {{INBOX, list_inbox},    {SERVICES, list_services},
                 {FORMS, list_services}, {REQUESTS, list_requests},
                 {DRAFTS, list_drafts},  {DOCUMENTS, list_document_folders}};
    char number[BOOK_NUMBER];
    const char *rest;
    if (is_hidden(files, path))
        return SND_E_NOTFOUND;
    for (size_t i = 0; i < SND_COUNT(lists); i++)
        if (strcmp(lists[i].path, path) == 0)
            return lists[i].list(files, list);
    if (document_path(path, number, &rest) && !*rest)
        return list_documents(files, number, list);
    if (!is_folder(path))
        return SND_E_NOTFOUND;
    list_folders(files, path, list);
    return 0;
}

static int tree_list(void *arg, const char *path, void **out)
{
    struct list *list = x_alloc(sizeof *list);
    list->arena = arena_new();
    int err = fill_list(arg, path, list);
    if (err) {
        arena_free(&list->arena);
        x_free(&list);
    }
    *out = list;
    return err;
}

static int tree_next(void *opaque, struct sftp_entry *out)
{
    struct list *list = opaque;
    if (list->at == list->count)
        return 0;
    *out = list->entry[list->at++];
    return 1;
}

static void tree_close_list(void *opaque)
{
    struct list *list = opaque;
    arena_free(&list->arena);
    x_free(&list);
}

static int tree_remove(void *arg, const char *path)
{
    const struct files *files = arg;
    struct book_document document;
    if (!below(path, INBOX))
        return SND_E_DENIED;
    int err = inbox_find(files, below(path, INBOX), &document);
    return err ? err : book_inbox_drop(files->args->book, &document.id);
}

static int tree_rename(void *arg, const char *from, const char *to)
{
    const struct files *files = arg;
    struct book_document document;
    char name[BOOK_FILE_NAME];
    if (!below(from, INBOX) || !below(to, INBOX))
        return SND_E_DENIED;
    int err = inbox_find(files, below(from, INBOX), &document);
    if (!err)
        err = clean_name(below(to, INBOX), name);
    return err ? err : book_inbox_rename(files->args->book, &document.id, name);
}

/* ---- the conversation ---- */

/* A client asks for many pieces of a file ahead, each in some thirty bytes: what so few bytes can
 * ask for has room in one answer. */
#define SLICE 512
#define ANSWER_MOST (1 << 20)
_Static_assert(SLICE / 26 * SFTP_READ < ANSWER_MOST, "no question for a piece is shorter");

static int answer_slice(struct sftp *sftp, const uint8_t *bytes, size_t len, int fd)
{
    struct buf out = BUF_INIT(ANSWER_MOST);
    int err = sftp_feed(sftp, bytes, len, &out);
    if (!err && out.failed)
        err = SND_E_LIMIT;
    if (out.len > 0 && proc_write_all(fd, out.data, out.len))
        err = SND_E_LOST;
    buf_free(&out);
    return err;
}

static int converse(struct sftp *sftp, int fd)
{
    static uint8_t bytes[32768];
    for (;;) {
        ssize_t got = read(fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return 0;
        size_t len = (size_t)got;
        for (size_t at = 0; at < len; at += SLICE) {
            int err = answer_slice(sftp, bytes + at, len - at < SLICE ? len - at : SLICE, fd);
            if (err)
                return err;
        }
    }
}

/* Why this person gets no files, NULL = it does. */
static const char *refused(const struct files_args *args)
{
    const struct book_me *me = args->me;
    if (me->role == ROLE_AGENCY && !me->must_change)
        return me->must_code && book_totp_vouch(args->book) != 0 ? _(screen_first) : NULL;
    if (me->must_change || me->must_code || role_needs_code(me->role) ||
        !op_allows(OP_INBOX_PUT, me->role))
        return _("This account gets no files. Log in with ssh, for the screen.");
    return NULL;
}

int files_run(const struct files_args *args)
{
    struct files files = {.args = args};
    const struct sftp_tree tree = {.arg = &files,
                                   .stat = tree_stat,
                                   .open = tree_open,
                                   .read = file_read,
                                   .write = file_write,
                                   .stat_file = file_stat,
                                   .close = file_close,
                                   .list = tree_list,
                                   .next = tree_next,
                                   .close_list = tree_close_list,
                                   .remove = tree_remove,
                                   .rename = tree_rename};
    msg_set_language(args->me->lang);
    const char *why = refused(args);
    if (why) {
        log_info("files.refused", "account=%s", args->me->account);
        tell(&files, why);
        return 1;
    }
    struct sftp *sftp = sftp_new(&tree);
    int err = converse(sftp, args->bytes);
    if (err)
        log_warn("files.ended", "account=%s error=%s", args->me->account, err_text(err));
    sftp_free(&sftp);
    return 0;
}
