/* SPDX-License-Identifier: Apache-2.0
 * Which centre is on the other side. TLS proves that it has the certificate's key; here it is asked
 * whether the certificate is one of ours, for a centre, in its time. Behind a proxy that does TLS
 * the certificate comes in the header Client-Cert, as RFC 9440 says (`:base64 DER:`) or
 * percent-encoded PEM as nginx says it, and only from that proxy's address: from anywhere else the
 * header is not even looked at. */
#include "sync/proof_priv.h"
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

static const struct sockaddr *address_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

void proof_address(struct MHD_Connection *connection, char *out, size_t size)
{
    const struct sockaddr *address = address_of(connection);
    out[0] = '\0';
    if (address && address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        inet_ntop(AF_INET, &four->sin_addr, out, (socklen_t)size);
    } else if (address && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
        if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
            inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, out, (socklen_t)size);
        else
            inet_ntop(AF_INET6, &six->sin6_addr, out, (socklen_t)size);
    }
}

int proof_from_proxy(struct MHD_Connection *connection, const char *proxy)
{
    char address[INET6_ADDRSTRLEN];
    proof_address(connection, address, sizeof address);
    return proxy[0] && strcmp(address, proxy) == 0;
}

int proof_local(struct MHD_Connection *connection)
{
    static const char *const passed_on[] = {"Forwarded", "X-Forwarded-For", "Via", "X-Real-IP"};
    char address[INET6_ADDRSTRLEN];
    proof_address(connection, address, sizeof address);
    if (strncmp(address, "127.", 4) != 0 && strcmp(address, "::1") != 0)
        return 0;
    for (size_t i = 0; i < SND_COUNT(passed_on); i++)
        if (MHD_lookup_connection_value(connection, MHD_HEADER_KIND, passed_on[i]))
            return 0;
    return 1;
}

/* `:base64:` -> DER. */
static int from_field(const char *field, void *out, size_t *len)
{
    size_t size = strlen(field);
    if (size < 3 || field[size - 1] != ':')
        return SND_E_BAD;
    char *text = x_strndup(field + 1, size - 2);
    gnutls_datum_t in = {(unsigned char *)text, (unsigned)(size - 2)}, made = {NULL, 0};
    int err = gnutls_base64_decode2(&in, &made) || made.size > CERT_MAX ? SND_E_BAD : 0;
    if (!err) {
        memcpy(out, made.data, made.size);
        *len = made.size;
    }
    gnutls_free(made.data);
    x_free(&text);
    return err;
}

/* Percent-encoded PEM -> PEM. */
static int from_escaped(const char *escaped, char *out, size_t *len)
{
    size_t at = 0;
    for (; *escaped; escaped++) {
        char pair[3] = {0};
        if (at == CERT_MAX)
            return SND_E_BAD;
        if (*escaped != '%') {
            out[at++] = *escaped;
            continue;
        }
        if (!escaped[1] || !escaped[2])
            return SND_E_BAD;
        memcpy(pair, escaped + 1, 2);
        char *end;
        out[at++] = (char)strtol(pair, &end, 16);
        if (*end)
            return SND_E_BAD;
        escaped += 2;
    }
    *len = at;
    return 0;
}

int proof_from_header(const char *field, void *out, size_t *len)
{
    return field[0] == ':' ? from_field(field, out, len) : from_escaped(field, out, len);
}

/* The certificate as the other side showed it. */
static int shown(struct MHD_Connection *connection, const struct hub_args *args, uint8_t *out,
                 size_t *len)
{
    if (args->proxy[0]) {
        const char *field =
            proof_from_proxy(connection, args->proxy)
                ? MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Client-Cert")
                : NULL;
        return field ? proof_from_header(field, out, len) : SND_E_NOTFOUND;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    unsigned count = 0;
    const gnutls_datum_t *certs =
        info && info->tls_session
            ? gnutls_certificate_get_peers((gnutls_session_t)info->tls_session, &count)
            : NULL;
    if (!certs || count == 0)
        return SND_E_NOTFOUND;
    if (certs[0].size > CERT_MAX)
        return SND_E_BAD;
    memcpy(out, certs[0].data, certs[0].size);
    *len = certs[0].size;
    return 0;
}

int proof_shown(struct MHD_Connection *connection, const struct hub_args *args,
                struct cert_facts *out)
{
    SND_UNFILLED uint8_t cert[CERT_MAX];
    size_t len = 0;
    int64_t now = clock_utc_ms();
    int err = args->ca->cert ? shown(connection, args, cert, &len) : SND_E_NOTFOUND;
    if (!err)
        err = cert_read(cert, len, out);
    return err || now < out->from || now > out->until ? SND_E_AUTH : 0;
}

int proof_centre(struct MHD_Connection *connection, const struct hub_args *args,
                 struct cert_facts *out, struct id *node)
{
    SND_UNFILLED uint8_t cert[CERT_MAX];
    size_t len = 0;
    const char *why = "none";
    int err = args->ca->cert ? shown(connection, args, cert, &len) : SND_E_NOTFOUND;
    if (!err)
        err = cert_check(cert, len, args->ca->cert, CERT_NODE, NULL, clock_utc_ms(), &why);
    if (!err)
        err = cert_read(cert, len, out);
    if (!err && id_parse(out->name, node))
        err = SND_E_BAD;
    if (err)
        log_info("hub.stranger", "certificate=%s", why);
    return err ? SND_E_AUTH : 0;
}
