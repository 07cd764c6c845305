/* SPDX-License-Identifier: Apache-2.0
 * New and changed services that this clerk has not read about yet. Enter shows what is new with
 * what the service needs; what has been read leaves the list, and the last one read leads home. */
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct news {
    struct arena *arena;
    struct pick pick;
    struct book_notice *notice;
    size_t count;
};

/* Asks for the list anew. 0, or an error that was told. */
static int load(struct ui *ui, struct news *news)
{
    arena_reset(news->arena);
    int error = book_notice_list(ui->book, news->arena, &news->notice, &news->count);
    if (error) {
        news->count = 0;
        ui_tell_error(ui, error);
    }
    struct pick_item *item = arena_alloc(news->arena, (news->count + 1) * sizeof *item);
    for (size_t i = 0; i < news->count; i++) {
        const struct book_notice *notice = &news->notice[i];
        item[i].text = arena_printf(news->arena, "%s" LAYOUT_GAP "%s", notice->service,
                                    notice->title[msg_language()]);
        item[i].note = notice->version == 0 ? _("new") : _("changed");
        item[i].note_look = LOOK_WARNING;
        item[i].folded = item_folded(news->arena, notice->service, notice->title[LANG_AR],
                                     notice->title[LANG_EN]);
    }
    news->pick.nothing = _("Nothing is left to read: F3 goes back.");
    pick_set(&news->pick, item, news->count);
    ui->me.notices = error ? ui->me.notices : (int)news->count;
    return error;
}

int news_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct news *news = x_alloc(sizeof *news);
    news->arena = arena_new();
    int error = load(ui, news);
    if (error) {
        news_close(ui, news);
        return error;
    }
    *state = news;
    return 0;
}

void news_close(struct ui *ui, void *state)
{
    (void)ui;
    struct news *news = state;
    pick_free(&news->pick);
    arena_free(&news->arena);
    x_free(&news);
}

void news_resume(struct ui *ui, void *state)
{
    struct news *news = state;
    int read = ui->answer == 1;
    ui->answer = -1;
    if (read && load(ui, news) == 0 && news->count == 0)
        ui_home(ui);
}

static unsigned show(struct ui *ui, void *state)
{
    struct news *news = state;
    int chosen = pick_chosen(&news->pick);
    if (chosen < 0)
        return UI_HANDLED;
    ui->needs = (struct needs_case){.notice = news->notice[chosen]};
    int error = book_form(ui->book, ui->needs.notice.sha, &ui->needs.form);
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    if (ui->needs.notice.version == 0) {
        char day[16];
        date_text(ui->needs.notice.from, CALENDAR_GREGORIAN, day);
        (void)str_format(ui->needs.standing, sizeof ui->needs.standing, _("from %s"), day);
    }
    struct ui_arg arg = {.thing = &ui->needs};
    ui_quiet(ui);
    ui_push(ui, SCREEN_NEEDS, &arg);
    return UI_HANDLED;
}

unsigned news_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct news *news = state;
    return pick_screen_key(&news->pick, event, ui, show, news);
}

void news_focus(struct ui *ui, void *state)
{
    struct news *news = state;
    pick_paint(ui, &news->pick, FRAME_TOP, frame_body(ui), _("Service:"));
}

void news_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("read")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    frame_context(ui, _("New and changed services: read about each before you begin it"), NULL);
    news_focus(ui, state);
    frame_hint(ui, _("Enter shows what is new and what the service needs."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
