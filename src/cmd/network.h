/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_NETWORK_H
#define CMD_NETWORK_H
/* The processes that speak over the network for an office: the hub's web server, and a centre's line
 * to its hub. Their ports are opened, and their keys and certificates read, before they give up any
 * right. */
#include "cmd/office.h"
struct network {
    int hub, pages; /* listening, -1 = none */
    int centre;     /* this office has joined a hub */
    int courier;    /* it carries requests to agencies */
};
#define NETWORK_CLOSED ((struct network){.hub = -1, .pages = -1})
/* As the configuration says; run/hub_port and run/public_port tell which ports they are. 0, or the
 * exit status with the reason printed. Close it either way. Called again it goes by what the configuration
 * says then; a port that is open stays as it is. */
SND_MUST int network_open(struct network *network, const struct office *office);
void network_close(struct network *network);
/* Makes this process one of them, by another program: "hub", "sync" or "courier". It reads the office
 * in `state` itself, listens at the sockets of `network` and writes a byte to `ready` (-1 = none) when
 * it takes connections. */
SND_NORETURN void network_become(const char *part, const struct network *network, const char *state,
                                 int ready);
#endif
