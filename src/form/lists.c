/* SPDX-License-Identifier: Apache-2.0
 * Lists of choices (`screens/lists/x.list`): a line `list x`, then `group` and `choice` lines. A
 * choice belongs to the group above it. */
#include "form/read_priv.h"
#include <string.h>
#include "base/err.h"

struct list {
    struct source *source;
    struct choice *item, *group;
    size_t items, groups;
};

static int repeats(const struct choice *of, size_t count, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(of[i].value, value) == 0)
            return 1;
    return 0;
}

static void add(struct list *list, struct choice **to, size_t *count, struct choice choice)
{
    struct source *source = list->source;
    if (*count == READ_CHOICES)
        source_complain(source, source->line, 1, "Take lines out: at most %d.", READ_CHOICES);
    else if (repeats(*to, *count, choice.value))
        source_complain(source, source->line, 1, "Write another value: `%s` stands above already.",
                        choice.value);
    else {
        *to = x_realloc(*to, *count + 1, sizeof **to);
        (*to)[(*count)++] = choice;
    }
}

static void read_line(struct list *list)
{
    struct source *source = list->source;
    struct choice choice;
    int group = strncmp(source->text, "group ", 6) == 0;
    if (!group && strncmp(source->text, "choice ", 7) != 0) {
        source_complain(source, source->line, 1,
                        "Begin the line with `choice` or `group`, or with # for a remark.");
        return;
    }
    if (!source_choice(source, &choice))
        return;
    if (group) {
        add(list, &list->group, &list->groups, choice);
        return;
    }
    choice.group = list->groups ? list->group[list->groups - 1].value : NULL;
    add(list, &list->item, &list->items, choice);
}

static void read_head(struct source *source, const char *name)
{
    struct word words[READ_WORDS];
    int some = source_next(source);
    int count = some ? source_words(source, words) : 0;
    if (count != 2 || strcmp(words[0].text, "list") != 0 ||
        (name && strcmp(words[1].text, name) != 0))
        source_complain(source, some ? source->line : 1, 1, "Begin the list with a line: list %s",
                        name ? name : "NAME");
}

static const struct choice *keep(struct arena *arena, const struct choice *from, size_t count)
{
    struct choice *kept = arena_alloc(arena, (count + 1) * sizeof *kept);
    if (count)
        memcpy(kept, from, count * sizeof *kept);
    return kept;
}

const struct choices *lists_read(struct source *source, const char *name)
{
    struct list list = {.source = source};
    read_head(source, name);
    while (source_next(source))
        read_line(&list);
    if (!list.items && !source->faults)
        source_complain(source, source->line, 1, "Add choices: choice value | عربي | English");
    struct choices *choices = NULL;
    if (!source->faults) {
        choices = arena_alloc(source->keep, sizeof *choices);
        choices->name = name;
        choices->item = keep(source->keep, list.item, list.items);
        choices->count = list.items;
        choices->group = keep(source->keep, list.group, list.groups);
        choices->groups = list.groups;
    }
    x_free(&list.item);
    x_free(&list.group);
    return choices;
}

int form_list_read(const char *text, size_t len, struct arena *arena, const struct choices **out,
                   const struct form_fault **faults, size_t *count)
{
    struct source *source = arena_alloc(arena, sizeof *source);
    source_open(source, text, len, arena, arena);
    *out = source->faults ? NULL : lists_read(source, NULL);
    *faults = source_faults(source);
    *count = source->faults;
    return source->faults ? SND_E_BAD : 0;
}
