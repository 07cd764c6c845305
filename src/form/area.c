/* SPDX-License-Identifier: Apache-2.0
 * Areas: the named ones of area.def, and plain codes joined by `+`. The codes begin each other
 * (DA is the governorate of DA01), so lying in an area is a comparison of beginnings. */
#include <ctype.h>
#include <string.h>
#include "form/form.h"

static const struct {
    const char *name;
    int but; /* 1 = everywhere but in the codes */
    const char *codes;
    const char *text;
} areas[] = {
#define AREA(name, but, codes, text) {#name, but, codes, text},
#include "form/area.def"
#undef AREA
};

static int find(const char *area)
{
    for (size_t i = 0; i < SND_COUNT(areas); i++)
        if (strcmp(areas[i].name, area) == 0)
            return (int)i;
    return -1;
}

static int begins(const char *codes, const char *wilayat)
{
    while (*codes) {
        size_t len = strcspn(codes, "+");
        if (strncmp(codes, wilayat, len) == 0)
            return 1;
        codes += len + (codes[len] == '+');
    }
    return 0;
}

int area_holds(const char *area, const char *wilayat)
{
    int index = find(area);
    if (index < 0)
        return begins(area, wilayat);
    return begins(areas[index].codes, wilayat) != areas[index].but;
}

/* MA or MA01, joined by `+`. */
static int is_codes(const char *area)
{
    for (;;) {
        size_t len = strcspn(area, "+");
        if ((len != 2 && len != 4) || !isupper((unsigned char)area[0]) ||
            !isupper((unsigned char)area[1]))
            return 0;
        if (len == 4 && (!isdigit((unsigned char)area[2]) || !isdigit((unsigned char)area[3])))
            return 0;
        if (!area[len])
            return 1;
        area += len + 1;
    }
}

int area_known(const char *area)
{
    return find(area) >= 0 || is_codes(area);
}

const char *area_text(const char *area)
{
    int index = find(area);
    return index < 0 ? N_("Offered in some wilayats only.") : areas[index].text;
}
