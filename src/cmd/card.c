/* SPDX-License-Identifier: Apache-2.0
 * The card that a person gets on paper: who she is here, how to connect, how to know that it is
 * really this server, the one-time code and what to do with it. Each line is of one script, so that
 * any printer sets it right. A name comes from people, so only what may be stored as text gets onto
 * the line, and never more than the line holds. */
#include "cmd/card.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "text/input.h"

#define NAME_POINTS 60
#define RULE "--------------------------------------------------------------------------------"

static void row(const char *english, const char *arabic, const char *value)
{
    printf("  %s / %s:\n      %s\n", english, arabic, value);
}

static void person(const struct card *card)
{
    struct buf clean = BUF_INIT(BOOK_TEXT * 4);
    const char *name = card->account->name;
    (void)!input_clean(name, strlen(name), &clean); /* what is dangerous is left out */
    size_t end = utf8_offset(buf_text(&clean), NAME_POINTS);
    char *cut = x_strndup(buf_text(&clean), end);
    row("Name", "الاسم", cut);
    x_free(&cut);
    buf_free(&clean);
}

static void validity(const struct card *card)
{
    char day[11];
    int minute = (int)((card->until + CLOCK_OMAN_OFFSET_MS) / 60000 % 1440);
    clock_day_text(clock_oman_day(card->until), day);
    char *text = x_printf("%s %02d:%02d", day, minute / 60, minute % 60);
    row("Code good until", "الرمز صالح حتى", text);
    x_free(&text);
}

static void steps(void)
{
    puts("  1. Type the line above in a terminal (in PuTTY: host, port and account).\n"
         "  2. It shows the server's fingerprint. Say yes only if it is the one above.\n"
         "  3. When you are asked for a password, type the code. It works once.\n"
         "  4. If your program has a key, the key is kept and you will not be asked again.\n"
         "     If not, choose a password of at least 8 characters.\n"
         "  5. A supervisor, auditor or administrator then adds the secret that is shown\n"
         "     to the authenticator of a telephone, and types two codes from it.\n"
         "  Keep this card to yourself; destroy it after the first login.");
    puts(RULE);
    puts("  ١. اكتب السطر أعلاه في برنامج الطرفية (وفي PuTTY: الخادم والمنفذ والحساب).\n"
         "  ٢. تظهر بصمة الخادم. وافق فقط إذا طابقت البصمة المكتوبة في هذه البطاقة.\n"
         "  ٣. حين تطلب منك كلمة المرور اكتب الرمز. يعمل الرمز مرة واحدة.\n"
         "  ٤. إذا كان في برنامجك مفتاح حفظ ولن تسأل مرة أخرى.\n"
         "     وإلا فاختر كلمة مرور من ٨ أحرف على الأقل.\n"
         "  ٥. المشرف والمدقق ومدير النظام يضيف السر الذي يظهر إلى تطبيق المصادقة\n"
         "     في هاتفه، ثم يكتب رمزين منه.\n"
         "  احتفظ بهذه البطاقة لنفسك، وأتلفها بعد الدخول الأول.");
}

void card_print(const struct card *card)
{
    puts(RULE);
    puts("  Sanad: log-in card\n  سند: بطاقة الدخول");
    puts(RULE);
    person(card);
    row("Account", "الحساب", card->account->account);
    if (card->account->centre[0])
        row("Centre", "المركز", card->account->centre);
    char *line = x_printf("ssh -p %d %s@%s", card->port, card->account->account, card->host);
    row("Connect", "الاتصال", line);
    x_free(&line);
    row("Fingerprint of the server", "بصمة الخادم", card->fingerprint);
    row("One-time code", "رمز الدخول الأول", card->code);
    validity(card);
    puts(RULE);
    steps();
    puts(RULE);
}
