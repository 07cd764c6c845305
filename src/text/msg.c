/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the screens, through glibc's gettext. It is made to work where no locale but C.UTF-8
 * exists: the process' locale is always that, and LANGUAGE says which catalogue speaks. glibc keeps
 * a catalogue that it has read, and with the first sentence out of it everything that the sentence
 * needed; so after msg_open() a change of language opens no file, and works in a sandbox. */
#include "text/msg.h"
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

static const char domain[] = "sanad";
static const char *const codes[LANG_COUNT] = {[LANG_AR] = "ar", [LANG_EN] = "en"};
static enum lang current;

void msg_open(const char *localedir)
{
    setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain(domain, localedir);
    bind_textdomain_codeset(domain, "UTF-8");
    for (int lang = LANG_COUNT - 1; lang >= 0; lang--) {
        msg_set_language((enum lang)lang);
        /* The header is the one entry that every catalogue has. */
        (void)dgettext(domain, "");
    }
}

void msg_set_language(enum lang lang)
{
    snd_assert(lang < LANG_COUNT);
    current = lang;
    setenv("LANGUAGE", codes[lang], 1);
    /* Without this, sentences already looked up would stay in the old language. */
    textdomain(domain);
}

enum lang msg_language(void)
{
    return current;
}

const char *msg_lang_code(enum lang lang)
{
    snd_assert(lang < LANG_COUNT);
    return codes[lang];
}

int msg_lang_parse(const char *code, enum lang *out)
{
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        size_t len = strlen(codes[lang]);
        if (strncmp(code, codes[lang], len) == 0 && strchr("_.@-", code[len])) {
            *out = (enum lang)lang;
            return 0;
        }
    }
    return SND_E_BAD;
}

const char *msg_text(const char *id)
{
    /* The empty id is the catalogue's header, which is nothing to show. */
    return *id ? dgettext(domain, id) : "";
}

const char *msg_plural(const char *one, const char *many, unsigned long n)
{
    return dngettext(domain, one, many, n);
}
