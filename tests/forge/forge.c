/* SPDX-License-Identifier: Apache-2.0
 * Certificates as they should be and in every way wrong (kinds.def), made straight with libcrypto,
 * so that the program's own making of certificates is not what is tested here. */
#include "tests/forge/forge.h"
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include "base/cert_priv.h"
#include "base/err.h"
#include "base/mem.h"

#define DAY_S 86400LL

enum signer { OURS, ITSELF, ANOTHER, EXPIRED, BETWEEN, LEAF, RENAMED, SIGNERS };
enum kind_of_key { P256, P192, RSA1024, RSA2048 };
static const struct kind {
    const char *name;
    enum cert_use as;
    int good;
    enum signer signer;
    enum kind_of_key key;
    int from, until;
    const char *basic, *extended, *names;
} kinds[] = {
#define KIND(name, use, good, signer, key, from, until, basic, extended, names)                    \
    {#name, CERT_##use, good, signer, key, from, until, basic, extended, names},
#include "tests/forge/kinds.def"
#undef KIND
};

struct authority {
    X509 *cert;
    EVP_PKEY *key;
};

static EVP_PKEY *make_key(enum kind_of_key kind)
{
    EVP_PKEY *key = kind == RSA1024   ? EVP_RSA_gen(1024)
                    : kind == RSA2048 ? EVP_RSA_gen(2048)
                    : kind == P192    ? EVP_EC_gen(SN_X9_62_prime192v1)
                                      : EVP_EC_gen(SN_X9_62_prime256v1);
    snd_assert(key);
    return key;
}

static void add(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    if (!value)
        return;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *one = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    snd_assert(one && X509_add_ext(cert, one, -1) == 1);
    X509_EXTENSION_free(one);
}

static X509 *begin(const char *name, EVP_PKEY *key, int64_t now, int from, int until)
{
    X509 *cert = X509_new();
    snd_assert(cert && X509_set_version(cert, X509_VERSION_3) == 1);
    static long serial = 1000;
    ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial);
    ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(now / 1000 + from * DAY_S));
    ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(now / 1000 + until * DAY_S));
    snd_assert(X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                                          (const uint8_t *)name, -1, -1, 0) == 1);
    X509_set_pubkey(cert, key);
    return cert;
}

static void finish(X509 *cert, X509 *issuer, EVP_PKEY *signer)
{
    X509_set_issuer_name(cert, X509_get_subject_name(issuer));
    add(cert, issuer, NID_subject_key_identifier, "hash");
    if (issuer != cert)
        add(cert, issuer, NID_authority_key_identifier, "keyid:always");
    snd_assert(X509_sign(cert, signer, EVP_sha256()) > 0);
}

static struct authority make_authority(const struct authority *under, const char *name, int64_t now,
                                       int until)
{
    struct authority made = {.key = make_key(P256)};
    made.cert = begin(name, made.key, now, -400, until);
    add(made.cert, made.cert, NID_basic_constraints, "critical,CA:TRUE");
    add(made.cert, made.cert, NID_key_usage, "critical,keyCertSign,cRLSign");
    finish(made.cert, under ? under->cert : made.cert, under ? under->key : made.key);
    return made;
}

static char *text(X509 *cert, EVP_PKEY *key)
{
    char *data;
    BIO *bio = BIO_new(BIO_s_mem());
    snd_assert(bio);
    if (cert)
        PEM_write_bio_X509(bio, cert);
    else
        PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    long len = BIO_get_mem_data(bio, &data);
    char *out = x_strndup(data, (size_t)len);
    BIO_free(bio);
    return out;
}

static void forge(const struct kind *kind, const struct authority *signers, int64_t now,
                  struct forged *out)
{
    EVP_PKEY *key = make_key(kind->key);
    X509 *cert = begin(kind->name, key, now, kind->from, kind->until);
    const struct authority *by = &signers[kind->signer];
    X509 *issuer = kind->signer == ITSELF ? cert : by->cert;
    add(cert, issuer, NID_basic_constraints, kind->basic);
    add(cert, issuer, NID_key_usage,
        strstr(kind->basic, "TRUE") ? "critical,digitalSignature,keyCertSign"
                                    : "critical,digitalSignature");
    add(cert, issuer, NID_ext_key_usage, kind->extended);
    add(cert, issuer, NID_subject_alt_name, kind->names);
    finish(cert, issuer, kind->signer == ITSELF ? key : by->key);
    *out = (struct forged){.name = kind->name, .as = kind->as, .good = kind->good};
    out->pair = (struct cert_pair){text(cert, NULL), text(NULL, key)};
    if (kind->signer == BETWEEN || kind->signer == LEAF)
        out->chain = text(by->cert, NULL);
    if (kind->signer == EXPIRED)
        out->anchor = text(by->cert, NULL);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static struct authority leaf_of(const struct cert_pair *pair)
{
    return (struct authority){cert_parse(pair->cert, strlen(pair->cert)),
                              cert_key_parse(pair->key)};
}

size_t forge_all(int64_t now, const struct cert_pair *under, struct cert_pair *ca,
                 struct forged **out)
{
    struct authority signers[SIGNERS] = {{NULL, NULL}};
    *out = x_calloc(SND_COUNT(kinds), sizeof **out);
    signers[OURS] = under ? leaf_of(under) : make_authority(NULL, "our authority", now, 4000);
    signers[ANOTHER] = make_authority(NULL, "another authority", now, 4000);
    signers[RENAMED] = make_authority(NULL, "our authority", now, 4000);
    signers[EXPIRED] = make_authority(NULL, "our authority", now, -1);
    signers[BETWEEN] = make_authority(&signers[ANOTHER], "between", now, 4000);
    forge(&kinds[0], signers, now, &(*out)[0]);
    signers[LEAF] = leaf_of(&(*out)[0].pair);
    for (size_t i = 1; i < SND_COUNT(kinds); i++)
        forge(&kinds[i], signers, now, &(*out)[i]);
    *ca = (struct cert_pair){text(signers[OURS].cert, NULL), text(NULL, signers[OURS].key)};
    for (size_t i = 0; i < SIGNERS; i++) {
        X509_free(signers[i].cert);
        EVP_PKEY_free(signers[i].key);
    }
    return SND_COUNT(kinds);
}

void forge_free(struct forged **list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cert_pair_free(&(*list)[i].pair);
        x_free(&(*list)[i].chain);
        x_free(&(*list)[i].anchor);
    }
    x_free(list);
}
