/* SPDX-License-Identifier: Apache-2.0
 * sanad agency: the lines to the agencies that take requests by machine. openapi says what both
 * sides serve and, with an agency's code, what its services send; that alone needs no office
 * without one. */
#include "cmd/agency.h"
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "cmd/cmd.h"

/* Every service of the agency into the document; how many. */
static int add_services(struct book *book, const char *agency, struct json *api, size_t *added)
{
    struct arena *arena = arena_new();
    struct book_service *list = NULL;
    size_t count = 0;
    int err = book_service_list(book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++) {
        const struct form *form;
        if (strcmp(list[i].agency, agency) != 0)
            continue;
        err = book_form(book, list[i].sha, &form);
        if (!err)
            agency_api_add(api, form);
        *added += !err;
    }
    arena_free(&arena);
    return err;
}

static int agency_openapi(struct book *book, int argc, char **argv)
{
    size_t added = 0;
    if (argc != 2)
        return cmd_usage("agency");
    struct json *api = agency_api();
    int err = add_services(book, argv[1], api, &added);
    if (!err && added)
        cmd_print_json(api);
    else
        json_free(&api);
    if (err)
        return cmd_fail("The services could not be read: %s.", err_text(err));
    return added ? 0 : cmd_fail("There is no service of the agency %.20s here.", argv[1]);
}

static const struct cmd_verb verbs[] = {{"openapi", agency_openapi}};

int cmd_agency(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "openapi") == 0) {
        cmd_print_json(agency_api());
        return 0;
    }
    return cmd_verb_run("agency", verbs, SND_COUNT(verbs), argc, argv);
}
