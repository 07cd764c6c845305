/* SPDX-License-Identifier: Apache-2.0
 * sanad doctor: what is wrong with an office and what to do, in plain words. It looks from outside,
 * as one more reader of the files, so that it has something to say when nothing runs; it changes
 * nothing. Each check says one sentence, also when all is well, so that it is seen what was looked
 * at. */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/vault.h"
#include "cmd/cmd.h"
#include "cmd/doctor.h"
#include "cmd/keep.h"
#include "ssh/gate.h"
#include "store/blob.h"
#include "store/keep.h"
#include "text/msg.h"

#define DAY_MS (24LL * 3600 * 1000)
#define MINUTE_MS (60LL * 1000)
#define MIB (1024LL * 1024)
#define BACKUP_DAYS 7
#define DISK_PERCENT 90
#define WAL_BYTES (256 * MIB)
#define LEAST_LIBSSH "0.10.6"

static const char *const level_words[] = {
    [DOCTOR_GOOD] = "good", [DOCTOR_WARNING] = "warning", [DOCTOR_BAD] = "bad"};

void doctor_say(struct doctor *doctor, enum doctor_level level, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (level > doctor->worst)
        doctor->worst = level;
    if (!doctor->list) {
        const char *mark = level == DOCTOR_GOOD      ? _("good:")
                           : level == DOCTOR_WARNING ? _("warning:")
                                                     : _("wrong:");
        printf("%s %s\n", mark, text);
        return;
    }
    struct json *one = json_new_object();
    json_put_text(one, "check", doctor->check);
    json_put_text(one, "state", level_words[level]);
    json_put_text(one, "text", json_text_fits(text) ? text : "");
    json_push(doctor->list, one);
}

/* ---- files ---- */

/* 1 when it is there and nobody but its owner can change or (when secret) read it. */
static int check_mode(struct doctor *doctor, const char *path, mode_t forbidden)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return 1; /* whether it must be there is another check's matter */
    if ((st.st_mode & forbidden) == 0)
        return 1;
    doctor_say(doctor, DOCTOR_BAD, _("%s is open to others: run chmod %o on it."), path,
               (unsigned)(st.st_mode & 07777 & ~forbidden));
    return 0;
}

static int check_owner(struct doctor *doctor, const char *path, uid_t owner)
{
    struct stat st;
    if (stat(path, &st) != 0 || st.st_uid == owner)
        return 1;
    doctor_say(doctor, DOCTOR_BAD,
               _("%s does not belong to the owner of the book: give it to that user with chown."),
               path);
    return 0;
}

void doctor_files(struct doctor *doctor)
{
    static const struct {
        const char *name;
        mode_t forbidden;
        int of_owner;
    } files[] = {{"office.db", 077, 1}, {"office.db-wal", 077, 1}, {"office.db-shm", 077, 1},
                 {"host_key", 077, 0},  {"keyring", 077, 1},       {"sanad.conf", 022, 0},
                 {"retention", 022, 0}};
    struct stat st;
    int good = check_mode(doctor, doctor->state, 022);
    if (stat(doctor->db, &st) != 0)
        st.st_uid = geteuid();
    for (size_t i = 0; i < SND_COUNT(files); i++) {
        char *path = cmd_path(doctor->state, files[i].name);
        good &= check_mode(doctor, path, files[i].forbidden);
        if (files[i].of_owner)
            good &= check_owner(doctor, path, st.st_uid);
        x_free(&path);
    }
    if (good)
        doctor_say(doctor, DOCTOR_GOOD, "%s", _("The files belong to whom they should."));
}

void doctor_conf(struct doctor *doctor)
{
    char error[256] = "";
    char *path = cmd_path(doctor->state, "sanad.conf");
    doctor->conf_read = conf_read(path, &doctor->conf, error, sizeof error) == 0;
    if (doctor->conf_read)
        doctor_say(doctor, DOCTOR_GOOD, "%s", _("The configuration can be read."));
    else
        doctor_say(doctor, DOCTOR_BAD, _("The configuration is wrong: %s"), error);
    x_free(&path);
}

/* ---- keys and book ---- */

void doctor_keys(struct doctor *doctor)
{
    char *ring = doctor->conf_read ? cmd_keyring(doctor->state, &doctor->conf)
                                   : cmd_path(doctor->state, "keyring");
    char *host = cmd_path(doctor->state, "host_key");
    int err = vault_load(ring, &doctor->vault);
    if (err == SND_E_NOTFOUND)
        doctor_say(doctor, DOCTOR_BAD,
                   _("The key ring %s is missing: put its copy back, or the book can't be read."),
                   ring);
    else if (err)
        doctor_say(doctor, DOCTOR_BAD, _("The key ring %s is damaged: put its copy back."), ring);
    else if (access(host, F_OK) != 0)
        doctor_say(doctor, DOCTOR_WARNING, "%s",
                   _("There is no host key: a new one is made at the next start, and every client "
                     "will ask about it."));
    else
        doctor_say(doctor, DOCTOR_GOOD, "%s", _("The keys are there."));
    x_free(&host);
    x_free(&ring);
}

static void found(void *arg, const char *complaint)
{
    char *first = arg;
    if (!*first)
        (void)str_copy(first, 128, complaint);
}

static int book_opens(struct doctor *doctor)
{
    int64_t in_file = 0, ours = 0;
    int err = store_version(doctor->db, &in_file, &ours);
    if (!err && in_file > ours) {
        doctor_say(doctor, DOCTOR_BAD, "%s",
                   _("The book was made by a newer sanad: install that one."));
        return 0;
    }
    if (!err && in_file < ours) {
        doctor_say(doctor, DOCTOR_WARNING, "%s",
                   _("The book is of an older sanad: start the office once to bring it forward."));
        return 0;
    }
    if (!err && doctor->vault)
        err = store_open(doctor->db, STORE_READ, doctor->vault, &doctor->store);
    if (!err && doctor->store)
        err = store_head_get(doctor->store, &doctor->head);
    if (err)
        doctor_say(doctor, DOCTOR_BAD, _("The book can't be opened (%s): restore a backup."),
                   err_text(err));
    return !err && doctor->store;
}

void doctor_book(struct doctor *doctor)
{
    char complaint[128] = "";
    struct stat st;
    char *wal = x_printf("%s-wal", doctor->db);
    int64_t log = stat(wal, &st) == 0 ? st.st_size : 0;
    x_free(&wal);
    if (!book_opens(doctor))
        return;
    int err = store_quick_check(doctor->store, found, complaint);
    if (err || complaint[0])
        doctor_say(doctor, DOCTOR_BAD,
                   _("The book's file is damaged: stop the office, run sanad fsck, and restore a "
                     "backup."));
    else if (log > WAL_BYTES)
        doctor_say(doctor, DOCTOR_WARNING,
                   _("The book's log has grown to %lld MiB: restart the office."),
                   (long long)(log / MIB));
    else
        doctor_say(doctor, DOCTOR_GOOD, _("The book can be read: %lld requests, event %lld."),
                   (long long)doctor->head.requests, (long long)doctor->head.seq);
}

/* Whether the files of documents are there; that each reads as it was is the full check's matter.
 */
void doctor_documents(struct doctor *doctor)
{
    struct store_blob_lack *list;
    struct id after = {0};
    char below[STORE_BLOB_NAME];
    size_t count;
    int64_t missing = 0;
    long long lost = 0, files = 0;
    if (!doctor->store)
        return;
    struct arena *arena = arena_new();
    int err = store_blob_missing(doctor->store, 0, arena, &list, &count, &missing);
    arena_free(&arena);
    while (!err && (err = store_blob_next(doctor->store, &after, below)) == 0) {
        char *path = x_printf("%s/%s", store_blob_folder(doctor->store), below);
        lost += access(path, F_OK) != 0;
        files++;
        x_free(&path);
    }
    if (lost > 0)
        doctor_say(doctor, DOCTOR_BAD,
                   _("The files of %lld documents are gone: restore them from a backup."), lost);
    else if (missing > 0)
        doctor_say(doctor, DOCTOR_WARNING, _("%lld documents of requests have not come here yet."),
                   (long long)missing);
    else
        doctor_say(doctor, DOCTOR_GOOD, _("All documents are there: %lld."), files);
}

void doctor_backup(struct doctor *doctor)
{
    struct store_backup last;
    struct store_office office;
    char when[KEEP_TIME];
    int64_t now = clock_utc_ms();
    if (!doctor->store || store_office_get(doctor->store, &office) != 0)
        return;
    int err = store_backup_last(doctor->store, &last);
    if (err) {
        doctor_say(doctor, office.practice ? DOCTOR_WARNING : DOCTOR_BAD, "%s",
                   _("No backup was ever made: run sanad backup, and every day from now on."));
        return;
    }
    keep_time(last.at, when);
    if (now - last.at > BACKUP_DAYS * DAY_MS)
        doctor_say(doctor, DOCTOR_BAD, _("The last backup is of %s: run sanad backup."), when);
    else
        doctor_say(doctor, DOCTOR_GOOD, _("The last backup is of %s."), when);
}

/* ---- machine ---- */

void doctor_clock(struct doctor *doctor)
{
    struct stat st;
    char when[KEEP_TIME], now_text[KEEP_TIME];
    int64_t now = clock_utc_ms(), file = 0;
    if (stat(doctor->db, &st) == 0)
        file = (int64_t)st.st_mtime * 1000;
    keep_time(now, now_text);
    if (doctor->head.at > now + 2 * MINUTE_MS) {
        keep_time(doctor->head.at, when);
        doctor_say(doctor, DOCTOR_BAD,
                   _("The clock says %s, but the book's last entry is of %s: set the clock."),
                   now_text, when);
    } else if (now < 1483228800000) { /* 2017 */
        doctor_say(doctor, DOCTOR_BAD, _("The clock says %s: set it."), now_text);
    } else if (file > now + DAY_MS) {
        keep_time(file, when);
        doctor_say(doctor, DOCTOR_BAD,
                   _("The clock says %s, but the book was written on %s: set the clock."), now_text,
                   when);
    } else if (file != 0 && now - file > 400 * DAY_MS) {
        keep_time(file, when);
        doctor_say(doctor, DOCTOR_WARNING,
                   _("The clock says %s, and the book was last written on %s: is the clock right?"),
                   now_text, when);
    } else {
        doctor_say(doctor, DOCTOR_GOOD, _("The clock says %s."), now_text);
    }
}

void doctor_disk(struct doctor *doctor)
{
    struct statvfs disk;
    if (statvfs(doctor->state, &disk) != 0 || disk.f_blocks == 0)
        return;
    int64_t free = (int64_t)(disk.f_bavail * disk.f_frsize) / MIB;
    int percent = (int)((disk.f_blocks - disk.f_bavail) * 100 / disk.f_blocks);
    char *ballast = cmd_path(doctor->state, "ballast");
    int gone = doctor->running && doctor->conf_read && doctor->conf.ballast_mib > 0 &&
               access(ballast, F_OK) != 0;
    if (free < 64)
        doctor_say(doctor, DOCTOR_BAD, _("Only %lld MiB of disk are left: make room."),
                   (long long)free);
    else if (percent >= DISK_PERCENT)
        doctor_say(doctor, DOCTOR_WARNING,
                   _("The disk is %d %% full, %lld MiB are left: make room."), percent,
                   (long long)free);
    else if (gone)
        doctor_say(doctor, DOCTOR_WARNING,
                   _("The room put by for a full disk is not there: is the disk filling up?"));
    else
        doctor_say(doctor, DOCTOR_GOOD, _("The disk has room: %lld MiB."), (long long)free);
    x_free(&ballast);
}

void doctor_sandbox(struct doctor *doctor)
{
    if (sandbox_available())
        doctor_say(doctor, DOCTOR_GOOD, "%s", _("The kernel has landlock and seccomp."));
    else if (doctor->conf_read && strcmp(doctor->conf.sandbox, "weak") == 0)
        doctor_say(doctor, DOCTOR_WARNING, "%s",
                   _("The kernel lacks landlock or seccomp; the office runs without them."));
    else
        doctor_say(doctor, DOCTOR_BAD, "%s",
                   _("The kernel lacks landlock or seccomp: the office will not start."));
}

/* The port that the office was started with, which need not be the configuration's. */
static int64_t served_port(const struct doctor *doctor)
{
    int64_t port = doctor->conf.port;
    char *path = cmd_path(doctor->state, "run/port"), *text = NULL;
    size_t len = 0;
    if (proc_read_file(path, 16, &text, &len) == 0) {
        text[strcspn(text, "\n")] = '\0';
        if (num_parse(text, 1, 65535, &port) != 0)
            port = doctor->conf.port;
    }
    x_free(&text);
    x_free(&path);
    return port;
}

void doctor_service(struct doctor *doctor)
{
    int64_t port = doctor->conf_read ? served_port(doctor) : 0;
    if (!doctor->running)
        doctor_say(doctor, DOCTOR_WARNING, "%s",
                   _("The office is not running: start it with sanad serve or systemctl."));
    else if (port == 0)
        doctor_say(doctor, DOCTOR_GOOD, "%s", _("The office is running."));
    else if (doctor_answers(doctor->conf.listen, (int)port))
        doctor_say(doctor, DOCTOR_GOOD, _("The office is running and answers at port %d."),
                   (int)port);
    else
        doctor_say(doctor, DOCTOR_BAD,
                   _("The office is running, but nobody answers at port %d: restart it."),
                   (int)port);
}

void doctor_libraries(struct doctor *doctor)
{
    const char *ssh = gate_library(), *engine = store_engine();
    if (!gate_library_fits())
        doctor_say(doctor, DOCTOR_BAD, _("libssh is %s: install %s or newer."), ssh, LEAST_LIBSSH);
    else
        doctor_say(doctor, DOCTOR_GOOD, _("libssh is %s, SQLite is %s."), ssh, engine);
}

void doctor_locale(struct doctor *doctor)
{
    int utf8 = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
    int words = 1;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        char *path =
            x_printf("%s/%s/LC_MESSAGES/sanad.mo", cmd_localedir(), msg_lang_code((enum lang)lang));
        words &= access(path, R_OK) == 0;
        x_free(&path);
    }
    if (!utf8)
        doctor_say(doctor, DOCTOR_BAD, "%s", _("The locale C.UTF-8 is missing: install libc-bin."));
    else if (!words)
        doctor_say(doctor, DOCTOR_BAD,
                   _("The words of the screens are missing in %s: install again."),
                   cmd_localedir());
    else
        doctor_say(doctor, DOCTOR_GOOD, "%s", _("The languages are there."));
}

/* ---- all of it ---- */

static const struct {
    const char *name;
    void (*check)(struct doctor *doctor);
} checks[] = {
#define DOCTOR(name, function) {#name, function},
#include "cmd/doctor.def"
#undef DOCTOR
};

/* Arabic or English, as the shell has it. */
static void speak(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    enum lang lang = LANG_EN;
    for (size_t i = 0; i < SND_COUNT(variables); i++) {
        const char *value = getenv(variables[i]);
        if (value && *value) {
            if (msg_lang_parse(value, &lang) != 0)
                lang = LANG_EN;
            break;
        }
    }
    msg_set_language(lang);
}

static void examine(struct doctor *doctor)
{
    char *socket = cmd_path(doctor->state, "run/ledger.sock");
    int fd = -1;
    doctor->running = proc_connect_packets(socket, &fd) == 0;
    proc_close(&fd);
    x_free(&socket);
    for (size_t i = 0; i < SND_COUNT(checks); i++) {
        doctor->check = checks[i].name;
        checks[i].check(doctor);
    }
}

int cmd_doctor(int argc, char **argv)
{
    struct doctor doctor = {.state = cmd_state(&argc, argv)};
    int as_json = cmd_flag(&argc, argv, "json");
    if (argc != 1)
        return cmd_usage("doctor");
    speak();
    doctor.db = cmd_path(doctor.state, "office.db");
    if (access(doctor.db, R_OK) != 0) {
        x_free(&doctor.db);
        return cmd_there(doctor.state) != 0;
    }
    doctor.list = as_json ? json_new_array() : NULL;
    examine(&doctor);
    if (as_json) {
        char *text = json_text(doctor.list, 1);
        puts(text);
        x_free(&text);
    }
    json_free(&doctor.list);
    store_close(&doctor.store);
    vault_free(&doctor.vault);
    conf_free(&doctor.conf);
    x_free(&doctor.db);
    return doctor.worst == DOCTOR_BAD;
}
