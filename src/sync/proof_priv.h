/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_PROOF_PRIV_H
#define SYNC_PROOF_PRIV_H
/* Who is on the other side of a connection. */
#include <stddef.h>
#include <microhttpd.h>
#include "base/attr.h"
#include "base/cert.h"
#include "base/id.h"
#include "sync/sync.h"
/* Address of the other end as text (an IPv4 one in its own form); "" when unknown. */
void proof_address(struct MHD_Connection *connection, char *out, size_t size);
/* 1 when the other end is that address. */
int proof_from_proxy(struct MHD_Connection *connection, const char *proxy);
/* 1 when it is this machine, and no header says that it was passed on. */
int proof_local(struct MHD_Connection *connection);
/* What the certificate that was shown says of itself, and that it is in its time; TLS has proved that
 * its key is there, and nobody has said whose it is. SND_E_AUTH: none was shown, or no such. */
SND_MUST int proof_shown(struct MHD_Connection *connection, const struct hub_args *args,
                         struct cert_facts *out);
/* The centre's certificate, checked: its facts and the node's id. 0 or SND_E_AUTH. */
SND_MUST int proof_centre(struct MHD_Connection *connection, const struct hub_args *args,
                          struct cert_facts *out, struct id *node);
/* A certificate as a proxy writes it into a header -> DER or PEM, at most CERT_MAX bytes. 0 or
 * SND_E_BAD. */
SND_MUST int proof_from_header(const char *field, void *out, size_t *len);
#endif
