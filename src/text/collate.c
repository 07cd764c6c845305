/* SPDX-License-Identifier: Apache-2.0 */
/* The order of texts for people: ICU's Arabic collation, opened once. */
#include "text/collate_priv.h"
#include <unicode/ucol.h>
#include "base/err.h"
#include "text/fold.h"

static UCollator *collator;

int collate_warm(void)
{
    UErrorCode status = U_ZERO_ERROR;
    if (collator)
        return 0;
    collator = ucol_open("ar", &status);
    if (U_FAILURE(status)) {
        collator = NULL;
        return SND_E_SYS;
    }
    /* The first comparison builds what later ones share. */
    return text_compare("أحمد", "Ahmed") ? 0 : SND_E_SYS;
}

int text_compare(const char *a, const char *b)
{
    UErrorCode status = U_ZERO_ERROR;
    snd_assert(collate_warm() == 0);
    return (int)ucol_strcollUTF8(collator, a, -1, b, -1, &status);
}
