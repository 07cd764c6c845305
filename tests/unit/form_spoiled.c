/* SPDX-License-Identifier: Apache-2.0
 * Every line of every form that ships, spoiled in ten ways, each a real mistake: the form is
 * refused, and among the complaints is one with the number of the spoiled line. (A line that
 * stands there twice is wrong the second time: its number is one more.) */
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

#define TEXT_MAX (1 << 20)

/* Writes the spoiled line into out. */
typedef void way_spoil(const char *line, size_t len, struct buf *out);

static void way_twice(const char *line, size_t len, struct buf *out)
{
    buf_put(out, line, len);
    buf_putc(out, '\n');
    buf_put(out, line, len);
}

static void way_misspelt(const char *line, size_t len, struct buf *out)
{
    buf_putc(out, 'x');
    buf_put(out, line, len);
}

static void way_cut(const char *line, size_t len, struct buf *out)
{
    buf_put(out, line, len < 3 ? len : 3);
}

static void way_bidi(const char *line, size_t len, struct buf *out)
{
    buf_put(out, line, len);
    buf_puts(out, "\xE2\x80\xAE");
}

static void way_bytes(const char *line, size_t len, struct buf *out)
{
    buf_put(out, line, len / 2);
    buf_putc(out, (char)0xFF);
    buf_put(out, line + len / 2, len - len / 2);
}

static void way_zero(const char *line, size_t len, struct buf *out)
{
    buf_put(out, line, len);
    buf_putc(out, '\0');
}

static void way_long(const char *line, size_t len, struct buf *out)
{
    buf_put(out, line, len);
    for (int i = 0; i < 1100; i++)
        buf_putc(out, 'x');
}

/* Where the last word, or the last piece of a choice, begins. */
static size_t last_piece(const char *line, size_t len)
{
    char sign = strncmp(line, "choice ", 7) == 0 ? '|' : ' ';
    size_t at = len;
    while (at > 0 && line[at - 1] != sign)
        at--;
    return at ? at - 1 : 0;
}

/* Without the = sign, the closing bracket, or the last word. */
static void way_sign(const char *line, size_t len, struct buf *out)
{
    size_t equals = strcspn(line, "=\n");
    if (line[0] == '[')
        buf_put(out, line, len - 1);
    else if (equals < len && strncmp(line, "choice ", 7) != 0) {
        buf_put(out, line, equals);
        buf_put(out, line + equals + 1, len - equals - 1);
    } else
        buf_put(out, line, last_piece(line, len));
}

/* Without a value: nothing after the = sign, the verb or the bracket. */
static void way_empty(const char *line, size_t len, struct buf *out)
{
    size_t equals = strcspn(line, "=\n");
    int property = line[0] != '[' && equals < len && strncmp(line, "choice ", 7) != 0;
    buf_put(out, line, property ? equals + 1 : strcspn(line, " p"));
}

/* With a value that belongs elsewhere. */
static void way_garbage(const char *line, size_t len, struct buf *out)
{
    static const struct {
        const char *begins, *wrong;
    } wrongs[] = {
        {"form ", "form mz 01"},
        {"version ", "version one"},
        {"agency ", "agency mzec"},
        {"open ", "open from 2017-02-30 live"},
        {"area ", "area from 2017-11-01 centre MZ1 subject MZ9"},
        {"season ", "season hijri from 13-01 to 07-30"},
        {"fee.agency", "fee.agency = ${no_such_field} * 0.03"},
        {"fee ", "fee from 2017-11-01 agency 0.000 centre 2.0"},
        {"choice ", "choice a b | ألف | A"},
        {"[page]", "[page two]"},
        {"[group", "[group Applicant]"},
        {"[field", "[field 1st]"},
        {"title.ar", "title.ar = Title"},
        {"title.en", "title.en = عنوان"},
        {"about.ar", "about.ar = About"},
        {"about.en", "about.en = عن الخدمة"},
        {"label.ar", "label.ar = Label"},
        {"label.en", "label.en = اسم الحقل"},
        {"help.ar", "help.ar = Help"},
        {"help.en", "help.en = مساعدة"},
        {"message.ar", "message.ar = Message"},
        {"message.en", "message.en = رسالة"},
        {"applicant.", "applicant.civil = nobody"},
        {"person", "person = agent.shoe"},
        {"duplicate", "duplicate = often"},
        {"subject", "subject = no_such_field"},
        {"target", "target = soon"},
        {"type", "type = number"},
        {"required", "required = perhaps"},
        {"relevant", "relevant = ${no_such_field} = 'x'"},
        {"constraint", "constraint = . >"},
        {"default", "default = self"},
        {"choices", "choices = no-such-list"},
        {"max", "max = 0"},
    };
    (void)len;
    for (size_t i = 0; i < SND_COUNT(wrongs); i++)
        if (strncmp(line, wrongs[i].begins, strlen(wrongs[i].begins)) == 0) {
            /* Each applicant line keeps its own key. */
            if (strcmp(wrongs[i].begins, "applicant.") == 0) {
                buf_put(out, line, strcspn(line, "="));
                buf_puts(out, "= no_such_field");
            } else
                buf_puts(out, wrongs[i].wrong);
            return;
        }
}

static const struct {
    const char *name;
    way_spoil *spoil;
} ways[] = {
    {"twice", way_twice},
    {"misspelt", way_misspelt},
    {"cut short", way_cut},
    {"with a bidi control", way_bidi},
    {"with a wrong byte", way_bytes},
    {"with a zero byte", way_zero},
    {"much too long", way_long},
    {"without its sign", way_sign},
    {"without a value", way_empty},
    {"with a value that belongs elsewhere", way_garbage},
};

static int refused_at(const struct buf *text, int line)
{
    struct arena *arena = arena_new();
    struct form *form = NULL;
    const struct form_fault *fault;
    size_t count;
    int found = 0;
    int err = form_read(buf_text(text), text->len, tools_list, NULL, arena, &form, &fault, &count);
    for (size_t i = 0; i < count; i++)
        found |= fault[i].line == line && fault[i].column > 0 && *fault[i].sentence;
    form_free(&form);
    arena_free(&arena);
    return err != 0 && found;
}

struct tally {
    int tried, wrong;
};
/* Besides the seven: a season, a fee worked out, a service that is suspended. */
static const char *const others[] = {"hj-01", "mu-06", "sl-01"};

static void spoil_line(const char *text, size_t at, int line, size_t way, struct tally *tally)
{
    struct buf spoiled = BUF_INIT(TEXT_MAX);
    size_t len = strcspn(text + at, "\n");
    buf_put(&spoiled, text, at);
    ways[way].spoil(text + at, len, &spoiled);
    buf_puts(&spoiled, text + at + len);
    tally->tried++;
    if (!refused_at(&spoiled, line + (ways[way].spoil == way_twice))) {
        tally->wrong++;
        tap_note("line %d %s: %.*s", line, ways[way].name, (int)len, text + at);
    }
    buf_free(&spoiled);
}

static void spoil_form(const char *name, struct tally *tally)
{
    char *path = x_printf("screens/%s.form", name);
    char *text = tools_text(path);
    struct tally own = {0};
    int line = 1;
    for (size_t at = 0; text[at]; at += strcspn(text + at, "\n") + 1, line++)
        for (size_t way = 0; way < SND_COUNT(ways); way++)
            if (text[at] != '\n' && text[at] != '#')
                spoil_line(text, at, line, way, &own);
    tap_ok(own.tried > 1000 && own.wrong == 0,
           "%s: %d of %d spoiled forms passed or had another line", name, own.wrong, own.tried);
    tally->tried += own.tried;
    tally->wrong += own.wrong;
    x_free(&text);
    x_free(&path);
}

int main(void)
{
    struct tally tally = {0};
    if (text_open() != 0)
        return 1;
    for (int i = 0; i < TOOLS_FORMS; i++)
        spoil_form(tools_forms[i], &tally);
    for (size_t i = 0; i < SND_COUNT(others); i++)
        spoil_form(others[i], &tally);
    tap_ok(SND_COUNT(ways) == 10 && tally.wrong == 0, "every line spoiled in ten ways");
    tools_end();
    return tap_done();
}
