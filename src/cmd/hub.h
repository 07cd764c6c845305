/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_HUB_H
#define CMD_HUB_H
/* Files of a hub and of a centre that has joined one, below the state folder. */
#define HUB_FOLDER "hub"
#define HUB_CA_CERT "hub/ca.crt"
#define HUB_CA_KEY "hub/ca.key" /* may be taken away: then nobody joins and nothing is renewed */
#define HUB_CERT "hub/server.crt"
#define HUB_KEY "hub/server.key"
#define NODE_FOLDER "node"
#define NODE_CA_CERT "node/ca.crt"
#define NODE_CERT "node/node.crt"
#define NODE_KEY "node/node.key"
/* A file of the folder that a certificate or its key lies in, yours to x_free(); NULL when it can't
 * be read. */
char *hub_file(const char *state, const char *name);
/* address:port, [address]:port. 1 or 0. */
int hub_address_ok(const char *text);
#endif
