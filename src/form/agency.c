/* SPDX-License-Identifier: Apache-2.0
 * The agencies by their codes. A form names its agency by the code alone, so one that a new form
 * brings along is shown by its code until it stands in the table. */
#include "form/agency.h"
#include <string.h>
#include "base/attr.h"

enum sector {
#define SECTOR(name, ar, en) SECTOR_##name,
#include "form/sectors.def"
#undef SECTOR
};
static const char *const sectors[][LANG_COUNT] = {
#define SECTOR(name, ar, en) {[LANG_AR] = ar, [LANG_EN] = en},
#include "form/sectors.def"
#undef SECTOR
};
static const struct agency {
    const char *code;
    enum sector sector;
    const char *name[LANG_COUNT];
} agencies[] = {
#define AGENCY(code, sector, ar, en) {code, SECTOR_##sector, {[LANG_AR] = ar, [LANG_EN] = en}},
#include "form/agencies.def"
#undef AGENCY
};

static const struct agency *find(const char *code)
{
    for (size_t i = 0; i < SND_COUNT(agencies); i++)
        if (strcmp(agencies[i].code, code) == 0)
            return &agencies[i];
    return NULL;
}

const char *agency_name(const char *code, enum lang lang)
{
    const struct agency *agency = find(code);
    return agency ? agency->name[lang] : code;
}

const char *agency_sector(const char *code, enum lang lang)
{
    const struct agency *agency = find(code);
    return agency ? sectors[agency->sector][lang] : "";
}
