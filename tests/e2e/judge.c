/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests: judges what reached a terminal, byte by byte as a terminal reads it.
 * Allowed are whole characters that show, and the few sequences that our own painter sends: moving,
 * clearing, looks, modes that it sets at its beginning and end. Everything else (other controls, C1
 * raw or in UTF-8, OSC, DCS, bidi and other invisible controls, broken UTF-8) is somebody else's
 * text acting on the terminal.   judge FILE...
 * Prints the first offences with their place; exit status 0 when there are none. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/attr.h"
#include "text/input.h"

#define TOLD_MOST 10
#define PARAMS 32

struct judge {
    const char *file;
    const uint8_t *at;
    size_t len, place;
    int offences;
    long characters, sequences;
};

static void offend(struct judge *judge, const char *what, unsigned value)
{
    if (judge->offences++ >= TOLD_MOST)
        return;
    size_t from = judge->place > 40 ? judge->place - 40 : 0;
    printf("%s: byte %zu: %s %x after \"", judge->file, judge->place, what, value);
    for (size_t i = from; i < judge->place; i++)
        printf(judge->at[i] >= ' ' && judge->at[i] < 0x7f ? "%c" : "\\x%02x", judge->at[i]);
    puts("\"");
}

/* What the terminal is asked before the first picture: these five questions, whole, and nothing
 * else of their kind. */
static const char questions[] = "\033[>q\033[>c\033[8$p\033[?77096$p\033[c";

static int asks(struct judge *judge)
{
    size_t len = strlen(questions);
    if (judge->len - judge->place < len || memcmp(judge->at + judge->place, questions, len) != 0)
        return 0;
    judge->place += len;
    judge->sequences += 5;
    return 1;
}

/* Characters that show nothing of themselves and act on what stands around them. */
static int acts(uint32_t point)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0x80, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x180e, 0x180e},
                  {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xd800, 0xdfff},
                  {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff}};
    for (size_t i = 0; i < SND_COUNT(ranges); i++)
        if (point >= ranges[i].from && point <= ranges[i].to)
            return 1;
    return 0;
}

static int in_list(int number, const int *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == number)
            return 1;
    return 0;
}

/* "1;25" against the modes that the painter sets. */
static int modes_ok(const char *params)
{
    static const int own[] = {1, 7, 12, 25, 1049, 2004}, plain[] = {4};
    int private = params[0] == '?';
    for (const char *at = params + private; *at; at += strcspn(at, ";"), at += *at == ';') {
        int number = (int)strtol(at, NULL, 10);
        if (private ? !in_list(number, own, SND_COUNT(own))
                    : !in_list(number, plain, SND_COUNT(plain)))
            return 0;
    }
    return 1;
}

/* What comes after ESC [. */
static void csi(struct judge *judge)
{
    char params[PARAMS] = "";
    size_t n = 0;
    while (judge->place < judge->len) {
        uint8_t byte = judge->at[judge->place];
        if (byte >= 0x40 && byte <= 0x7e)
            break;
        if (!strchr("0123456789;?", byte) || n + 1 >= sizeof params) {
            offend(judge, "a byte within a sequence", byte);
            return;
        }
        params[n++] = (char)byte;
        judge->place++;
    }
    uint8_t final = judge->place < judge->len ? judge->at[judge->place++] : 0;
    int ok = final == 'h' || final == 'l' ? modes_ok(params)
             : final == 't'
                 ? strcmp(params, "22;0;0") == 0 || strcmp(params, "23;0;0") == 0
                 : final && strchr("ABCDGHJKLMPSTXZ@bdemr", final) && !strchr(params, '?');
    if (!ok)
        offend(judge, "a control sequence ending in", final);
    judge->sequences++;
}

static void escape(struct judge *judge)
{
    judge->place++;
    uint8_t byte = judge->place < judge->len ? judge->at[judge->place++] : 0;
    uint8_t next = judge->place < judge->len ? judge->at[judge->place] : 0;
    if (byte == '[') {
        csi(judge);
    } else if (byte == '(' && (next == 'B' || next == '0')) {
        judge->place++;
    } else if (!byte || !strchr("78M=>", byte)) {
        offend(judge, "an escape sequence beginning with", byte);
    }
}

static void character(struct judge *judge)
{
    size_t used = 0;
    const char *text = (const char *)judge->at + judge->place;
    uint32_t point = utf8_get(text, judge->len - judge->place, &used);
    int whole = used > 0 && (point != 0xfffd || memcmp(text, "\xef\xbf\xbd", 3) == 0);
    if (!whole)
        offend(judge, "broken UTF-8", judge->at[judge->place]);
    else if (acts(point))
        offend(judge, "a character that acts on the terminal", point);
    judge->place += used ? used : 1;
    judge->characters++;
}

static void judge_all(struct judge *judge)
{
    while (judge->place < judge->len) {
        uint8_t byte = judge->at[judge->place];
        if (byte == 0x1b) {
            if (!asks(judge))
                escape(judge);
        } else if (byte < 0x20 || byte == 0x7f) {
            if (byte == 0 || !strchr("\r\n\b\x0e\x0f", byte))
                offend(judge, "a control byte", byte);
            judge->place++;
        } else {
            character(judge);
        }
    }
}

static int judge_file(const char *path)
{
    struct judge judge = {.file = path};
    FILE *file = fopen(path, "rbe");
    if (!file || fseek(file, 0, SEEK_END))
        return 1;
    long size = ftell(file);
    uint8_t *bytes = malloc((size_t)size + 1);
    rewind(file);
    judge.len = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    judge.at = bytes;
    judge_all(&judge);
    printf("%s: %ld characters, %ld sequences, %d offences\n", path, judge.characters,
           judge.sequences, judge.offences);
    free(bytes);
    return judge.offences > 0 || judge.characters == 0;
}

int main(int argc, char **argv)
{
    int bad = argc < 2;
    for (int i = 1; i < argc; i++)
        bad |= judge_file(argv[i]);
    return bad;
}
