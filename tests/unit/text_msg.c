/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in both languages, from catalogues that the test makes itself, on a machine that has no
 * locale but C.UTF-8. After msg_open() and text_open() a child closes itself off (no file can be
 * opened: the kernel ends it for trying) and must still speak both languages and lay out text. */
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "tests/tap.h"
#include "text/date.h"
#include "text/fold.h"
#include "text/input.h"
#include "text/layout.h"
#include "text/msg.h"
#include "text/text.h"

static char folder[] = "/tmp/sanad-msg-XXXXXX";

static const char *const catalogues[LANG_COUNT] = {
    [LANG_AR] = "msgid \"\"\nmsgstr \"\"\n"
                "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
                "\"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && "
                "n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\\n\"\n"
                "msgid \"Save\"\nmsgstr \"احفظ\"\n"
                "msgid \"one\"\nmsgid_plural \"many\"\n"
                "msgstr[0] \"صفر\"\nmsgstr[1] \"واحد\"\nmsgstr[2] \"اثنان\"\nmsgstr[3] \"قليل\"\n"
                "msgstr[4] \"كثير\"\nmsgstr[5] \"مئة\"\n",
    [LANG_EN] = "msgid \"\"\nmsgstr \"\"\n"
                "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
                "\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n"
                "msgid \"Save\"\nmsgstr \"Save it\"\n"
                "msgid \"one\"\nmsgid_plural \"many\"\nmsgstr[0] \"a\"\nmsgstr[1] \"b\"\n",
};

static int make_catalogue(enum lang lang)
{
    char path[512], command[2048];
    snprintf(path, sizeof path, "%s/%s.po", folder, msg_lang_code(lang));
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fputs(catalogues[lang], file);
    fclose(file);
    snprintf(command, sizeof command,
             "mkdir -p %1$s/%2$s/LC_MESSAGES && msgfmt -o %1$s/%2$s/LC_MESSAGES/sanad.mo %3$s",
             folder, msg_lang_code(lang), path);
    return system(command);
}

static void remove_catalogues(void)
{
    char command[512];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command))
        tap_note("%s stays", folder);
}

static void languages(void)
{
    static const char *const forms[] = {"صفر", "واحد", "اثنان", "قليل", "كثير", "مئة"};
    static const unsigned long numbers[] = {0, 1, 2, 7, 42, 100};
    int right = 1;
    msg_set_language(LANG_AR);
    tap_is(msg_text("Save"), "احفظ", "Arabic");
    for (size_t i = 0; i < SND_COUNT(forms); i++)
        right &= strcmp(msg_plural("one", "many", numbers[i]), forms[i]) == 0;
    tap_ok(right, "all six plurals of Arabic");
    msg_set_language(LANG_EN);
    tap_is(msg_text("Save"), "Save it", "English, on the spot");
    tap_is(msg_plural("one", "many", 2), "b", "English plural");
    msg_set_language(LANG_AR);
    tap_is(msg_text("Save"), "احفظ", "and Arabic again");
    tap_is(msg_text("Unknown words"), "Unknown words", "what no catalogue has stays as it is");
    tap_is(msg_text(""), "", "nothing stays nothing");
    tap_ok(msg_language() == LANG_AR, "the language is known");
}

static void codes(void)
{
    static const char *const bad[] = {"", "fr", "arabic", "AR", "C.UTF-8"};
    enum lang lang = LANG_COUNT;
    tap_ok(msg_lang_parse("ar", &lang) == 0 && lang == LANG_AR, "ar");
    tap_ok(msg_lang_parse("ar_OM.UTF-8", &lang) == 0 && lang == LANG_AR, "ar_OM.UTF-8");
    tap_ok(msg_lang_parse("en-GB", &lang) == 0 && lang == LANG_EN, "en-GB");
    for (size_t i = 0; i < SND_COUNT(bad); i++)
        tap_is_int(msg_lang_parse(bad[i], &lang), SND_E_BAD, "not a language that is spoken");
}

/* From here on any attempt to open a file ends the process. */
static int close_off(void)
{
    static const char *const calls[] = {"open", "openat",     "openat2",
                                        "stat", "newfstatat", "access"};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int failed = !filter;
    for (size_t i = 0; !failed && i < SND_COUNT(calls); i++)
        failed = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
                                  seccomp_syscall_resolve_name(calls[i]), 0);
    failed = failed || seccomp_load(filter);
    seccomp_release(filter);
    return failed;
}

/* Everything the room can do, none of it done before in this process but by the open calls. */
static int work(void)
{
    struct buf out = BUF_INIT(4096);
    struct arena *arena = arena_new();
    struct line line, lines[4];
    int32_t day = 0;
    int good = 1;
    for (int turn = 0; turn < 2; turn++) {
        for (enum lang lang = LANG_AR; lang < LANG_COUNT; lang++) {
            msg_set_language(lang);
            good &= strcmp(msg_text("Save"), lang == LANG_AR ? "احفظ" : "Save it") == 0;
            good &= *msg_plural("one", "many", 5) != '\0';
            good &= *date_weekday_name(1) && *date_month_name(9, CALENDAR_HIJRI);
        }
    }
    good &= strcmp(msg_text("Unknown words"), "Unknown words") == 0;
    good &= input_clean("\uFEFB e\u0301 \u202E中\U0001F600", 17, &out) == SND_E_BAD;
    fold_text("الأمانة Éß ½ \uFEFB", &out);
    layout_line("مُحَمَّدٌ (Ab) 中 \U00010900 ٣", TEXT_AUTO, 10, arena, &line);
    good &= line.count > 0 && layout_wrap("سلام عليكم", TEXT_RTL, 5, 4, arena, lines) == 2;
    good &= text_compare("إسحاق", "Ishaq") != 0;
    good &= date_parse("28/02/1438", CALENDAR_ANY, &day) == 0 && date_to_hijri(day).month == 2;
    arena_free(&arena);
    buf_free(&out);
    return good;
}

/* How a child ended that opened the room, closed itself off and worked. */
static int closed_child(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        msg_open(folder);
        if (text_open() || close_off())
            _exit(2);
        _exit(work() ? 0 : 1);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return status;
}

/* The trap must be real, or the child proves nothing. */
static int trap_bites(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        FILE *file = close_off() ? NULL : fopen("/etc/passwd", "r");
        _exit(file ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

int main(void)
{
    /* The surroundings speak another language, and must not matter. */
    setenv("LANG", "fr_FR.UTF-8", 1);
    setenv("LC_MESSAGES", "C", 1);
    setenv("LANGUAGE", "fr", 1);
    if (!mkdtemp(folder))
        return 1;
    tap_ok(make_catalogue(LANG_AR) == 0 && make_catalogue(LANG_EN) == 0, "catalogues made");
    int status = closed_child();
    if (status)
        tap_note("the child ended with %x", (unsigned)status);
    tap_ok(trap_bites() && status == 0, "closed off, both languages and all of the room work");
    msg_open(folder);
    languages();
    codes();
    remove_catalogues();
    return tap_done();
}
