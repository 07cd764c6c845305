/* SPDX-License-Identifier: Apache-2.0
 * The Arabic keyboard for people at a terminal that has none: Ctrl-] turns it on and off. And the
 * answers to a question, which work whichever keyboard is on. */
#include "base/attr.h"
#include "ui/ui_priv.h"

static const struct {
    uint32_t typed, meant[2];
} table[] = {
#define ARABIC_KEY(typed, first, second) {typed, {first, second}},
#include "ui/arabic_keys.def"
#undef ARABIC_KEY
};

int arabic_key(uint32_t typed, uint32_t out[2])
{
    for (size_t i = 0; i < SND_COUNT(table); i++) {
        if (table[i].typed != typed)
            continue;
        out[0] = table[i].meant[0];
        out[1] = table[i].meant[1];
        return out[1] ? 2 : 1;
    }
    return 0;
}

uint32_t arabic_typed(uint32_t letter)
{
    for (size_t i = 0; i < SND_COUNT(table); i++)
        if (table[i].meant[0] == letter && !table[i].meant[1])
            return table[i].typed;
    return 0;
}

int ui_digit(const struct key_event *event)
{
    static const uint32_t zeros[] = {'0', 0x0660, 0x06f0};
    for (size_t i = 0; i < SND_COUNT(zeros); i++)
        if (event->key == K_CHAR && event->point >= zeros[i] && event->point <= zeros[i] + 9)
            return (int)(event->point - zeros[i]);
    return -1;
}

int ui_answer(const struct key_event *event)
{
    static const struct {
        uint32_t point;
        int yes;
    } answers[] = {
        {'1', 1}, {'y', 1}, {'Y', 1}, {0x0646, 1}, {0x063a, 1}, {0x0661, 1}, {0x06f1, 1},
        {'2', 0}, {'n', 0}, {'N', 0}, {0x0644, 0}, {0x0649, 0}, {0x0662, 0}, {0x06f2, 0},
    };
    if (event->key != K_CHAR)
        return -1;
    for (size_t i = 0; i < SND_COUNT(answers); i++)
        if (answers[i].point == event->point)
            return answers[i].yes;
    return -1;
}
