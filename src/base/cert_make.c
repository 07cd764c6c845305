/* SPDX-License-Identifier: Apache-2.0
 * Certificates made, by libcrypto.
 *
 * Whoever asks for a certificate decides nothing about it: of the request only the key is taken,
 * once it has signed that request itself. Everything begins a day before now, so that a centre
 * whose clock is a little behind is let in; a clock that is further out is said to be that
 * elsewhere. Serial numbers are random (RFC 5280 wants them unique, and nobody should count our
 * centres by them). */
#include <netinet/in.h>
#include <arpa/inet.h>
#include <ctype.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include "base/buf.h"
#include "base/cert.h"
#include "base/cert_priv.h"
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"

#define DAY_S 86400LL
#define CA_DAYS 7305 /* 20 years */
#define HUB_DAYS 731
#define NODE_DAYS 366
#define SERIAL_SIZE 16
#define HOST_MAX 253 /* RFC 1035 */
#define NAMES_MAX 2048

struct extension {
    int nid;
    const char *value;
};

/* What a certificate is to say. */
struct wanted {
    const char *name, *unit; /* unit: NULL = none */
    int days;
    const struct extension *extension; /* ends with nid 0 */
};

static const struct extension of_ca[] = {
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {0, NULL},
};
static const struct extension of_node[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "clientAuth"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
    {0, NULL},
};

/* ---- texts ---- */

static char *text_of(BIO *bio)
{
    char *data = NULL;
    long len = BIO_get_mem_data(bio, &data);
    char *text = x_strndup(data, (size_t)len);
    mem_wipe(data, (size_t)len);
    BIO_free(bio);
    return text;
}

static BIO *new_text(void)
{
    BIO *bio = BIO_new(BIO_s_mem());
    snd_assert(bio);
    return bio;
}

static char *cert_text(X509 *cert)
{
    BIO *bio = new_text();
    snd_assert(PEM_write_bio_X509(bio, cert) == 1);
    return text_of(bio);
}

static char *key_text(EVP_PKEY *key)
{
    BIO *bio = new_text();
    snd_assert(PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
    return text_of(bio);
}

/* ---- a certificate ---- */

static EVP_PKEY *new_key(void)
{
    EVP_PKEY *key = EVP_EC_gen(SN_X9_62_prime256v1);
    snd_assert(key);
    return key;
}

static void set_serial(X509 *cert)
{
    uint8_t bytes[SERIAL_SIZE];
    random_bytes(bytes, sizeof bytes);
    bytes[0] = (bytes[0] & 0x7f) | 0x40; /* positive, and always of the same length */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    snd_assert(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)));
    BN_free(number);
}

static void set_subject(X509 *cert, const struct wanted *wanted)
{
    X509_NAME *name = X509_get_subject_name(cert);
    int good =
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const uint8_t *)"Sanad", -1, -1, 0);
    if (wanted->unit)
        good = good && X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_UTF8,
                                                  (const uint8_t *)wanted->unit, -1, -1, 0);
    good = good && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                              (const uint8_t *)wanted->name, -1, -1, 0);
    snd_assert(good);
}

static int add_extensions(X509 *cert, X509 *issuer, const struct extension *list)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    int good = 1;
    for (; list->nid && good; list++) {
        X509_EXTENSION *one = X509V3_EXT_conf_nid(NULL, &ctx, list->nid, list->value);
        good = one && X509_add_ext(cert, one, -1) == 1;
        X509_EXTENSION_free(one);
    }
    return good ? 0 : SND_E_INVALID;
}

/* From a day ago on, for so many days, but never for longer than who signs it. */
static int set_times(X509 *cert, X509 *issuer, int64_t now, int days)
{
    time_t from = (time_t)(now / 1000 - DAY_S), until = from + days * DAY_S;
    if (issuer && X509_cmp_time(X509_get0_notAfter(issuer), &until) < 0)
        return ASN1_TIME_set(X509_getm_notBefore(cert), from) &&
               X509_set1_notAfter(cert, X509_get0_notAfter(issuer)) == 1;
    return ASN1_TIME_set(X509_getm_notBefore(cert), from) &&
           ASN1_TIME_set(X509_getm_notAfter(cert), until);
}

/* issuer NULL: signed by its own key. */
static int make(const struct wanted *wanted, EVP_PKEY *key, X509 *issuer, EVP_PKEY *signer,
                int64_t now, char **out)
{
    X509 *cert = X509_new();
    snd_assert(cert && X509_set_version(cert, X509_VERSION_3) == 1);
    set_serial(cert);
    set_subject(cert, wanted);
    int good = X509_set_issuer_name(cert, X509_get_subject_name(issuer ? issuer : cert)) == 1 &&
               set_times(cert, issuer, now, wanted->days) && X509_set_pubkey(cert, key) == 1;
    int err = good ? add_extensions(cert, issuer ? issuer : cert, wanted->extension) : SND_E_BAD;
    if (!err && X509_sign(cert, signer, EVP_sha256()) <= 0)
        err = SND_E_BAD;
    if (!err)
        *out = cert_text(cert);
    X509_free(cert);
    ERR_clear_error();
    return err;
}

/* Under the authority's key: it must be one, and its key must be that certificate's. */
static int make_under(const struct cert_pair *ca, const struct wanted *wanted, EVP_PKEY *key,
                      int64_t now, char **out)
{
    X509 *issuer = cert_parse(ca->cert, strlen(ca->cert));
    EVP_PKEY *signer = cert_key_parse(ca->key);
    int err = SND_E_BAD;
    if (issuer && signer && X509_check_ca(issuer) == 1 &&
        X509_check_private_key(issuer, signer) == 1)
        err = make(wanted, key, issuer, signer, now, out);
    EVP_PKEY_free(signer);
    X509_free(issuer);
    ERR_clear_error();
    return err;
}

int cert_make_ca(const char *name, int64_t now, struct cert_pair *out)
{
    const struct wanted wanted = {.name = name, .days = CA_DAYS, .extension = of_ca};
    *out = (struct cert_pair){0};
    if (!*name || strlen(name) >= CERT_NAME)
        return SND_E_INVALID;
    EVP_PKEY *key = new_key();
    int err = make(&wanted, key, NULL, key, now, &out->cert);
    if (!err)
        out->key = key_text(key);
    EVP_PKEY_free(key);
    return err;
}

/* ---- a hub's ---- */

static int is_address(const char *name)
{
    uint8_t address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

/* Labels of letters, digits and dashes; no star, nothing else. */
static int is_host(const char *name)
{
    size_t label = 0, len = strlen(name);
    if (len == 0 || len > HOST_MAX)
        return 0;
    for (size_t i = 0; i < len; i++) {
        int dot = name[i] == '.';
        if (!dot && !isalnum((unsigned char)name[i]) && name[i] != '-')
            return 0;
        if (dot && label == 0)
            return 0;
        label = dot ? 0 : label + 1;
        if (label > 63)
            return 0;
    }
    return label > 0;
}

static int put_names(const char *const *names, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        const char *kind = is_address(names[i]) ? "IP" : is_host(names[i]) ? "DNS" : NULL;
        if (!kind)
            return SND_E_INVALID;
        buf_printf(out, "%s%s:%s", i ? "," : "", kind, names[i]);
    }
    return count == 0 || out->failed ? SND_E_INVALID : 0;
}

int cert_make_hub(const struct cert_pair *ca, const char *const *names, size_t count, int64_t now,
                  struct cert_pair *out)
{
    struct buf list = BUF_INIT(NAMES_MAX);
    *out = (struct cert_pair){0};
    int err = put_names(names, count, &list);
    if (!err) {
        const struct extension of_hub[] = {
            {NID_basic_constraints, "critical,CA:FALSE"},
            {NID_key_usage, "critical,digitalSignature"},
            {NID_ext_key_usage, "serverAuth"},
            {NID_subject_key_identifier, "hash"},
            {NID_authority_key_identifier, "keyid:always"},
            {NID_subject_alt_name, buf_text(&list)},
            {0, NULL},
        };
        const struct wanted wanted = {.name = "hub", .days = HUB_DAYS, .extension = of_hub};
        EVP_PKEY *key = new_key();
        err = make_under(ca, &wanted, key, now, &out->cert);
        if (!err)
            out->key = key_text(key);
        EVP_PKEY_free(key);
    }
    buf_free(&list);
    return err;
}

/* ---- a centre's ---- */

static int ask_with(EVP_PKEY *key, char **out)
{
    X509_REQ *request = X509_REQ_new();
    snd_assert(request && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
               X509_REQ_set_pubkey(request, key) == 1);
    int err = X509_REQ_sign(request, key, EVP_sha256()) > 0 ? 0 : SND_E_SYS;
    if (!err) {
        BIO *bio = new_text();
        snd_assert(PEM_write_bio_X509_REQ(bio, request) == 1);
        *out = text_of(bio);
    }
    X509_REQ_free(request);
    return err;
}

int cert_ask(struct cert_pair *out)
{
    *out = (struct cert_pair){0};
    EVP_PKEY *key = new_key();
    int err = ask_with(key, &out->cert);
    if (!err)
        out->key = key_text(key);
    EVP_PKEY_free(key);
    return err;
}

int cert_ask_again(const char *text, char **request)
{
    EVP_PKEY *key = cert_key_parse(text);
    *request = NULL;
    int err = cert_key_is_ours(key) ? ask_with(key, request) : SND_E_BAD;
    EVP_PKEY_free(key);
    return err;
}

static X509_REQ *request_parse(const char *text, size_t len)
{
    if (len > CERT_MAX)
        return NULL;
    BIO *bio = BIO_new_mem_buf(text, (int)len);
    snd_assert(bio);
    X509_REQ *request = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return request;
}

static int name_ok(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-')
            return 0;
    return len > 0 && len < CERT_NAME;
}

int cert_issue_node(const struct cert_pair *ca, const char *request, size_t len, const char *node,
                    const char *centre, int64_t now, char **cert)
{
    const struct wanted wanted = {
        .name = node, .unit = centre, .days = NODE_DAYS, .extension = of_node};
    *cert = NULL;
    if (!name_ok(node) || !name_ok(centre))
        return SND_E_INVALID;
    X509_REQ *asked = request_parse(request, len);
    EVP_PKEY *key = asked ? X509_REQ_get0_pubkey(asked) : NULL;
    int err = SND_E_BAD;
    if (cert_key_is_ours(key) && X509_REQ_verify(asked, key) == 1)
        err = make_under(ca, &wanted, key, now, cert);
    X509_REQ_free(asked);
    ERR_clear_error();
    return err;
}
