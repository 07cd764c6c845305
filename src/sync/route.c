/* SPDX-License-Identifier: Apache-2.0
 * From a method and a path to who answers, by routes.def. */
#include <string.h>
#include "sync/hub_priv.h"
#include "sync/message_priv.h"

static const struct route routes[] = {
#define ROUTE(name, method, path, side, who, body_max, handler)                                    \
    {method, path, side, who, body_max, handler, name, 0},
#define ROUTE_LATER(name, method, path, side, who, body_max, handler)                              \
    {method, path, side, who, body_max, handler, name, 1},
#include "sync/routes.def"
#undef ROUTE
#undef ROUTE_LATER
};

/* What follows the route's path, or NULL when it is another's. */
static const char *tail_of(const struct route *route, const char *path)
{
    size_t len = strlen(route->path);
    if (strncmp(route->path, path, len) != 0)
        return NULL;
    if (path[len] == '\0')
        return path + len;
    return route->path[len - 1] == '/' ? path + len : NULL;
}

const struct route *route_find(enum route_side side, const char *method, const char *path,
                               int *status, const char **tail)
{
    const struct route *read = NULL;
    const char *read_tail = "";
    *status = 404;
    for (size_t i = 0; i < SND_COUNT(routes); i++) {
        const char *rest = routes[i].side & side ? tail_of(&routes[i], path) : NULL;
        if (!rest)
            continue;
        *tail = rest;
        if (strcmp(routes[i].method, method) == 0 || strcmp(routes[i].method, "*") == 0)
            return &routes[i];
        *status = 405;
        if (strcmp(routes[i].method, "GET") == 0 && strcmp(method, "HEAD") == 0) {
            read = &routes[i];
            read_tail = rest;
        }
    }
    *tail = read_tail;
    return read;
}

size_t route_count(void)
{
    return SND_COUNT(routes);
}

const struct route *route_at(size_t n)
{
    return &routes[n];
}

size_t route_index(const struct route *route)
{
    return (size_t)(route - routes);
}
