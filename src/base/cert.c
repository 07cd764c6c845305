/* SPDX-License-Identifier: Apache-2.0
 * Certificates read and judged, by libcrypto.
 *
 * What arrives is hostile: bounded, parsed whole, and judged by one path that knows a single
 * authority and no other (no system store, no intermediates). libcrypto's own rules are used in
 * their strict form; on top of them stands what it leaves open: an end that is itself an authority,
 * one that says nothing of its use or serves two, and every kind of key but ours. */
#include "base/cert.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include "base/cert_priv.h"
#include "base/err.h"
#include "base/mem.h"

#define PEM_BEGINS "-----BEGIN"

static X509 *parse_pem(const void *bytes, size_t len)
{
    BIO *bio = BIO_new_mem_buf(bytes, (int)len);
    snd_assert(bio);
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return cert;
}

static X509 *parse_der(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    X509 *cert = d2i_X509(NULL, &at, (long)len);
    if (cert && at != (const uint8_t *)bytes + len) {
        X509_free(cert);
        cert = NULL;
    }
    return cert;
}

X509 *cert_parse(const void *bytes, size_t len)
{
    X509 *cert = NULL;
    if (len > CERT_MAX)
        return NULL;
    if (len > sizeof PEM_BEGINS && memcmp(bytes, PEM_BEGINS, sizeof PEM_BEGINS - 1) == 0)
        cert = parse_pem(bytes, len);
    else
        cert = parse_der(bytes, len);
    ERR_clear_error();
    return cert;
}

static int no_passphrase(char *out, int size, int writing, void *arg)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)arg;
    return 0; /* never ask at the terminal */
}

EVP_PKEY *cert_key_parse(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    snd_assert(bio);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

int cert_key_is_ours(EVP_PKEY *key)
{
    char group[32] = "";
    return key && EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

/* ---- what it says ---- */

static int utc_ms(const ASN1_TIME *time, int64_t *out)
{
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    snd_assert(epoch);
    int good = ASN1_TIME_diff(&days, &seconds, epoch, time);
    ASN1_TIME_free(epoch);
    *out = ((int64_t)days * 86400 + seconds) * 1000;
    return good == 1 ? 0 : SND_E_BAD;
}

/* An entry that is there twice, is too long or holds what a name may not, is as if it weren't. */
static void subject_part(const X509 *cert, int nid, char out[CERT_NAME])
{
    const X509_NAME *subject = X509_get_subject_name(cert);
    int at = X509_NAME_get_index_by_NID(subject, nid, -1);
    out[0] = '\0';
    if (at < 0 || X509_NAME_get_index_by_NID(subject, nid, at) >= 0)
        return;
    const ASN1_STRING *data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    int len = ASN1_STRING_length(data);
    const uint8_t *text = ASN1_STRING_get0_data(data);
    if (len >= CERT_NAME)
        return;
    for (int i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return;
    memcpy(out, text, (size_t)len);
    out[len] = '\0';
}

int cert_read(const void *bytes, size_t len, struct cert_facts *out)
{
    unsigned size = HASH_SIZE;
    *out = (struct cert_facts){0};
    X509 *cert = cert_parse(bytes, len);
    int err = cert ? 0 : SND_E_BAD;
    if (!err && X509_digest(cert, EVP_sha256(), out->fingerprint, &size) != 1)
        err = SND_E_BAD;
    if (!err)
        err = utc_ms(X509_get0_notBefore(cert), &out->from);
    if (!err)
        err = utc_ms(X509_get0_notAfter(cert), &out->until);
    if (!err) {
        subject_part(cert, NID_commonName, out->name);
        subject_part(cert, NID_organizationalUnitName, out->unit);
    }
    X509_free(cert);
    ERR_clear_error();
    return err;
}

/* ---- whether it is to be believed ---- */

static const struct use {
    int purpose, authority;
    uint32_t extended; /* exactly this extended use */
} uses[] = {
    [CERT_CA] = {X509_PURPOSE_ANY, 1, 0},
    [CERT_HUB] = {X509_PURPOSE_SSL_SERVER, 0, XKU_SSL_SERVER},
    [CERT_NODE] = {X509_PURPOSE_SSL_CLIENT, 0, XKU_SSL_CLIENT},
};

const char *cert_own_rules(X509 *cert, enum cert_use as)
{
    const struct use *use = &uses[as];
    uint32_t flags = X509_get_extension_flags(cert);
    if (X509_get_signature_nid(cert) != NID_ecdsa_with_SHA256 ||
        !cert_key_is_ours(X509_get0_pubkey(cert)))
        return "not of our kind of key";
    if (((flags & EXFLAG_CA) != 0) != use->authority)
        return use->authority ? "no authority" : "an authority where an end belongs";
    if (use->extended &&
        (!(flags & EXFLAG_XKUSAGE) || X509_get_extended_key_usage(cert) != use->extended))
        return "made for another use";
    return NULL;
}

static int set_rules(X509_STORE_CTX *ctx, const struct use *use, const char *host, int64_t now)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
    X509_VERIFY_PARAM_set_time(param, (time_t)(now / 1000));
    X509_VERIFY_PARAM_set_depth(param, 0);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (X509_VERIFY_PARAM_set_purpose(param, use->purpose) != 1)
        return 0;
    return !host || X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1 ||
           X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

static const char *chain_rules(X509 *cert, X509 *ca, const struct use *use, const char *host,
                               int64_t now)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    const char *why = NULL;
    snd_assert(store && ctx && X509_STORE_add_cert(store, ca) == 1);
    if (X509_STORE_CTX_init(ctx, store, cert, NULL) != 1 || !set_rules(ctx, use, host, now))
        why = "can't be judged";
    else if (X509_verify_cert(ctx) != 1)
        why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return why;
}

int cert_check(const void *bytes, size_t len, const char *ca_text, enum cert_use as,
               const char *host, int64_t now, const char **why)
{
    const struct use *use = &uses[as];
    const char *wrong = "no certificate";
    X509 *cert = cert_parse(bytes, len), *ca = cert_parse(ca_text, strlen(ca_text));
    int err = cert && ca ? 0 : SND_E_BAD;
    if (!err) {
        wrong = cert_own_rules(ca, CERT_CA);
        if (!wrong)
            wrong = cert_own_rules(cert, as);
        if (!wrong)
            wrong = chain_rules(cert, ca, use, host, now);
        err = wrong ? SND_E_AUTH : 0;
    }
    if (why)
        *why = wrong;
    X509_free(cert);
    X509_free(ca);
    ERR_clear_error();
    return err;
}

int cert_key_fits(const struct cert_pair *pair)
{
    X509 *cert = cert_parse(pair->cert, strlen(pair->cert));
    EVP_PKEY *key = cert_key_parse(pair->key);
    int fits = cert && key && X509_check_private_key(cert, key) == 1;
    EVP_PKEY_free(key);
    X509_free(cert);
    ERR_clear_error();
    return fits;
}

void cert_pair_free(struct cert_pair *pair)
{
    if (pair->key)
        mem_wipe(pair->key, strlen(pair->key));
    x_free(&pair->key);
    x_free(&pair->cert);
}
