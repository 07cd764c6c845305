/* SPDX-License-Identifier: Apache-2.0
 * A peer to measure beside: OpenSSH sshd with ForceCommand this program; ncurses libform for the
 * fields, libmenu for the choice list. No shaping, no bidi: it sends logical order. */
#include <ctype.h>
#include <form.h>
#include <locale.h>
#include <menu.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wctype.h>

#define NF 12
#define X 18
static const char *label[NF] = {"اسم المواطن", "الرقم المدني",  "رقم الهاتف", "المحافظة",
                                "الولاية",     "تاريخ الميلاد", "العنوان",    "تتمة العنوان",
                                "رقم السجل",   "طلب عاجل",      "المبلغ",     "ملاحظات"};
static const int width[NF] = {40, 8, 8, 20, 30, 10, 50, 50, 12, 4, 12, 55};
static const char *gov[] = {"مسقط",         "ظفار",         "مسندم",        "البريمي",
                            "الداخلية",     "شمال الباطنة", "جنوب الباطنة", "شمال الشرقية",
                            "جنوب الشرقية", "الظاهرة",      "الوسطى",       NULL};
static char *yesno[] = {"لا", "نعم", NULL};
static FIELD *fld[NF + 1];
static FORM *form;
static char val[NF][512];

static void status(const char *s)
{
    move(LINES - 1, 0);
    clrtoeol();
    addstr(s);
}
static void collect(void)
{
    form_driver(form, REQ_VALIDATION);
    for (int i = 0; i < NF; i++) {
        snprintf(val[i], sizeof val[i], "%s", field_buffer(fld[i], 0));
        size_t n = strlen(val[i]);
        while (n && val[i][n - 1] == ' ')
            val[i][--n] = 0;
    }
}
static int digits(const char *s, size_t min, size_t max)
{
    size_t n = strlen(s);
    return n >= min && n <= max && strspn(s, "0123456789") == n;
}
static int bad(void) /* index of the first wrong field, or -1 */
{
    struct tm tm = {0};
    if (!strchr(val[0], ' '))
        return 0;
    if (!digits(val[1], 8, 8))
        return 1;
    if (!digits(val[2], 8, 8) || !strchr("279", val[2][0]))
        return 2;
    if (!*val[3])
        return 3;
    if (!*val[4])
        return 4;
    char *e = strptime(val[5], "%Y-%m-%d", &tm);
    int day = tm.tm_mday;
    if (!e || *e || strlen(val[5]) != 10 || (tm.tm_hour = 12, mktime(&tm) == -1) ||
        tm.tm_mday != day)
        return 5;
    if (!*val[6])
        return 6;
    if (!digits(val[8], 1, 12))
        return 8;
    if (strcmp(val[9], yesno[0]) && strcmp(val[9], yesno[1]))
        return 9;
    strtod(val[10], &e);
    char *dot = strchr(val[10], '.');
    if (!*val[10] || *e || (dot && strlen(dot + 1) > 3))
        return 10;
    return -1;
}
static long store(void)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    long id = -1;
    if (sqlite3_open(getenv("FORM_DB"), &db) != SQLITE_OK)
        return -1;
    sqlite3_busy_timeout(db, 10000);
    sqlite3_exec(db, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL);
    if (sqlite3_prepare_v2(
            db,
            "INSERT INTO "
            "requests(name,civil,phone,gov,wilayat,dob,addr1,addr2,reg,urgent,amount,notes)"
            " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
            -1, &st, NULL) == SQLITE_OK) {
        for (int i = 0; i < NF; i++)
            sqlite3_bind_text(st, i + 1, val[i], -1, SQLITE_STATIC);
        if (sqlite3_step(st) == SQLITE_DONE)
            id = sqlite3_last_insert_rowid(db);
        sqlite3_finalize(st);
    }
    sqlite3_close(db);
    return id;
}
static void choose(void) /* libmenu list for the governorate */
{
    ITEM *it[12];
    int n = 0, c;
    for (; gov[n]; n++)
        it[n] = new_item(gov[n], NULL);
    it[n] = NULL;
    MENU *m = new_menu(it);
    WINDOW *w = newwin(13, 24, 4, 40), *in = derwin(w, 11, 22, 1, 1);
    keypad(w, TRUE);
    set_menu_win(m, w);
    set_menu_sub(m, in);
    set_menu_format(m, 11, 1);
    box(w, 0, 0);
    post_menu(m);
    wrefresh(w);
    while ((c = wgetch(w)) != '\r' && c != '\n' && c != KEY_ENTER) {
        if (c == KEY_DOWN)
            menu_driver(m, REQ_DOWN_ITEM);
        else if (c == KEY_UP)
            menu_driver(m, REQ_UP_ITEM);
        else if (c == ERR)
            break;
        wrefresh(w);
    }
    set_field_buffer(fld[3], 0, item_name(current_item(m)));
    unpost_menu(m);
    free_menu(m);
    while (n--)
        free_item(it[n]);
    delwin(in);
    delwin(w);
    touchwin(stdscr);
    refresh();
}
static int confirm(void)
{
    wint_t c;
    unpost_form(form);
    erase();
    mvaddstr(0, 0, "تأكيد البيانات");
    for (int i = 0; i < NF; i++) {
        mvaddstr(2 + i, 0, label[i]);
        mvaddstr(2 + i, X, val[i]);
    }
    mvaddstr(16, 0, "Enter حفظ   Esc رجوع");
    refresh();
    for (;;) {
        if (get_wch(&c) == ERR)
            exit(1);
        if (c == '\r' || c == '\n')
            return 1;
        if (c == 27)
            return 0;
    }
}
static void page(void)
{
    erase();
    post_form(form); /* before the labels: posting wipes the form's rows */
    mvaddstr(0, 0, "طلب خدمة جديد - مركز سند");
    for (int i = 0; i < NF; i++)
        mvaddstr(2 + i, 0, label[i]);
    mvaddstr(16, 0, "Tab التالي   Enter قائمة   F2 حفظ   F10 خروج");
    pos_form_cursor(form);
    refresh();
}
int main(void)
{
    setlocale(LC_ALL, "");
    if (!getenv("FORM_DB"))
        return 2;
    initscr();
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    set_escdelay(50);
    for (int i = 0; i < NF; i++) {
        fld[i] = new_field(1, width[i], 2 + i, X, 0, 0);
        set_field_back(fld[i], A_UNDERLINE);
        field_opts_off(fld[i], O_AUTOSKIP | O_BLANK);
    }
    set_field_type(fld[9], TYPE_ENUM, yesno, 0, 0);
    set_field_buffer(fld[9], 0, yesno[0]);
    form = new_form(fld);
    set_form_sub(form, derwin(stdscr, LINES - 2, COLS, 0, 0));
    page();
    for (;;) {
        wint_t c;
        int k = get_wch(&c), cur = field_index(current_field(form));
        if (k == ERR)
            break;
        if (k == KEY_CODE_YES)
            switch (c) {
            case KEY_F(10):
                goto out;
            case KEY_F(2): {
                collect();
                int b = bad();
                if (b >= 0) {
                    char m[128];
                    snprintf(m, sizeof m, "خطأ: %s", label[b]);
                    status(m);
                    set_current_field(form, fld[b]);
                    break;
                }
                if (confirm()) {
                    char m[64];
                    snprintf(m, sizeof m, "تم الحفظ برقم %ld", store());
                    for (int i = 0; i < NF; i++)
                        set_field_buffer(fld[i], 0, i == 9 ? yesno[0] : "");
                    set_current_field(form, fld[0]);
                    page();
                    status(m);
                } else
                    page();
                break;
            }
            case KEY_DOWN:
                form_driver(form, cur == 9 ? REQ_NEXT_CHOICE : REQ_NEXT_FIELD);
                break;
            case KEY_UP:
                form_driver(form, cur == 9 ? REQ_PREV_CHOICE : REQ_PREV_FIELD);
                break;
            case KEY_BTAB:
                form_driver(form, REQ_PREV_FIELD);
                break;
            case KEY_LEFT:
                form_driver(form, REQ_PREV_CHAR);
                break;
            case KEY_RIGHT:
                form_driver(form, REQ_NEXT_CHAR);
                break;
            case KEY_BACKSPACE:
                form_driver(form, REQ_DEL_PREV);
                break;
            case KEY_DC:
                form_driver(form, REQ_DEL_CHAR);
                break;
            }
        else if (c == '\t') {
            form_driver(form, REQ_NEXT_FIELD);
            form_driver(form, REQ_END_LINE);
        } else if (c == 127 || c == 8)
            form_driver(form, REQ_DEL_PREV);
        else if ((c == '\r' || c == '\n') && cur == 3)
            choose();
        else if (iswprint(c) && cur != 3 && cur != 9)
            form_driver_w(form, OK, c);
        pos_form_cursor(form);
        refresh();
    }
out:
    endwin();
    return 0;
}
