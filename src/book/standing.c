/* SPDX-License-Identifier: Apache-2.0
 * How the centres of a hub stand, worked out of when each was last heard of: the screen, the
 * subcommand and its file say the same. */
#include <stdlib.h>
#include <string.h>
#include "book/feed.h"

static const char *const standings[NODE_STANDINGS] = {
    [NODE_FORKED] = "forked", [NODE_SILENT] = "silent",   [NODE_QUIET] = "quiet",
    [NODE_WELL] = "well",     [NODE_INVITED] = "invited", [NODE_REVOKED] = "revoked"};

const char *node_standing_word(enum node_standing standing)
{
    return standings[standing];
}

int64_t node_silence(const struct book_node *node, int64_t now)
{
    int64_t heard = node->seen > node->joined ? node->seen : node->joined;
    return now > heard ? now - heard : 0;
}

enum node_standing node_standing(const struct book_node *node, int64_t now)
{
    int64_t silence = node_silence(node, now);
    for (int i = 0; i < NODE_STANDINGS; i++)
        if (strcmp(node->state, standings[i]) == 0)
            return (enum node_standing)i;
    return silence > NODE_SILENT_MS  ? NODE_SILENT
           : silence > NODE_QUIET_MS ? NODE_QUIET
                                     : NODE_WELL;
}

static int64_t sorted_at; /* the moment by which nodes_sort() sorts */

static int worse(const void *a, const void *b)
{
    const struct book_node *one = a, *other = b;
    enum node_standing left = node_standing(one, sorted_at),
                       right = node_standing(other, sorted_at);
    int64_t more = node_silence(other, sorted_at) - node_silence(one, sorted_at);
    if (left != right)
        return left < right ? -1 : 1;
    if ((left == NODE_SILENT || left == NODE_QUIET) && more != 0)
        return more > 0 ? 1 : -1;
    return strcmp(one->centre, other->centre);
}

void nodes_sort(struct book_node *list, size_t count, int64_t now)
{
    sorted_at = now;
    if (count > 0)
        qsort(list, count, sizeof *list, worse);
}
