/* SPDX-License-Identifier: Apache-2.0
 * libcurl as a client of one hub. Its own store of public authorities is taken away: of the hub's
 * authority alone a certificate is believed, by the rules of base/cert.h. */
#include "sync/trust_priv.h"
#include <stdint.h>
#include <string.h>
#include "base/attr.h"

#define SET(easy, option, value) ((void)curl_easy_setopt(easy, option, value))

static struct curl_blob blob_of(const char *text)
{
    return (struct curl_blob){(void *)(uintptr_t)text, strlen(text), CURL_BLOB_COPY};
}

static CURLcode on_context(CURL *easy SND_UNUSED, void *context, void *arg SND_UNUSED)
{
    cert_strict(context);
    return CURLE_OK;
}

void trust_set(CURL *easy, const char *authority, const struct cert_pair *own)
{
    SET(easy, CURLOPT_PROTOCOLS_STR, "https");
    SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
    SET(easy, CURLOPT_NOSIGNAL, 1L);
    SET(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    SET(easy, CURLOPT_CAINFO, NULL);
    SET(easy, CURLOPT_CAPATH, NULL);
    if (!authority) {
        SET(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        SET(easy, CURLOPT_SSL_VERIFYHOST, 0L);
        return;
    }
    struct curl_blob ca = blob_of(authority);
    SET(easy, CURLOPT_CAINFO_BLOB, &ca);
    SET(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    SET(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
    if (own) {
        struct curl_blob cert = blob_of(own->cert), key = blob_of(own->key);
        SET(easy, CURLOPT_SSLCERT_BLOB, &cert);
        SET(easy, CURLOPT_SSLKEY_BLOB, &key);
    }
}
