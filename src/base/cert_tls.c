/* SPDX-License-Identifier: Apache-2.0
 * The rules of cert.c in a TLS handshake. The library says whether a chain is whole and in its
 * time; here it is asked once more of the certificate at its end, so that the same certificates are
 * refused on a connection and in a file. */
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include "base/cert_priv.h"

static int on_verify(int good, X509_STORE_CTX *ctx)
{
    X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
    int depth = X509_STORE_CTX_get_error_depth(ctx);
    if (!good || !cert)
        return good;
    if (depth > 1 || cert_own_rules(cert, depth == 0 ? CERT_HUB : CERT_CA)) {
        X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
        return 0;
    }
    return 1;
}

void cert_strict(void *ssl_ctx)
{
    SSL_CTX *ctx = ssl_ctx;
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_clear_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
    X509_VERIFY_PARAM_set_depth(param, 0);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verify);
}
