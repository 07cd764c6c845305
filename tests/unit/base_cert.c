/* SPDX-License-Identifier: Apache-2.0
 * Certificates made, asked for and judged, and the invitation that carries an authority's mark. */
#include "base/cert_priv.h"
#include <ctype.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/id.h"
#include "base/invite.h"
#include "base/mem.h"
#include "tests/forge/forge.h"
#include "tests/tap.h"

#define NOW 1797000000000LL /* 2026-12-11 */
#define DAY 86400000LL

static const char *const names[] = {"hub.example.om", "10.1.2.3", "2001:db8::1"};
static const char node_id[] = "0123456789abcdef0123456789abcdef";

static int judged(const char *cert, const char *ca, enum cert_use use, const char *host,
                  int64_t now)
{
    return cert_check(cert, strlen(cert), ca, use, host, now, NULL);
}

static void dates(const char *cert, int years, const char *name)
{
    struct cert_facts facts;
    int err = cert_read(cert, strlen(cert), &facts);
    int64_t days = (facts.until - facts.from) / DAY;
    tap_ok(err == 0 && facts.from <= NOW && facts.from > NOW - 2 * DAY && days >= 365LL * years &&
               days <= 366LL * years,
           "%s: good for %d years", name, years);
}

static void usual(struct cert_pair *ca, struct cert_pair *hub, struct cert_pair *asked, char **node)
{
    struct cert_facts facts;
    tap_is_int(cert_make_ca("Sanad", NOW, ca), 0, "an authority is made");
    tap_is_int(judged(ca->cert, ca->cert, CERT_CA, NULL, NOW), 0, "and is one");
    tap_is_int(cert_make_hub(ca, names, SND_COUNT(names), NOW, hub), 0, "a hub's certificate");
    int good = 0;
    for (size_t i = 0; i < SND_COUNT(names); i++)
        good += judged(hub->cert, ca->cert, CERT_HUB, names[i], NOW) == 0;
    tap_is_int(good, (int)SND_COUNT(names), "is good for each of its names and addresses");
    tap_is_int(judged(hub->cert, ca->cert, CERT_HUB, "hub.example.com", NOW), SND_E_AUTH,
               "and for no other");
    tap_is_int(cert_ask(asked), 0, "a centre asks");
    tap_is_int(
        cert_issue_node(ca, asked->cert, strlen(asked->cert), node_id, "DA01-003", NOW, node), 0,
        "and is given its own");
    tap_is_int(judged(*node, ca->cert, CERT_NODE, NULL, NOW), 0, "which is good");
    tap_ok(cert_read(*node, strlen(*node), &facts) == 0, "it can be read");
    tap_is(facts.name, node_id, "its name is the node's id");
    tap_is(facts.unit, "DA01-003", "its unit the centre");
    struct cert_pair got = {*node, asked->key}, wrong = {*node, hub->key};
    tap_ok(cert_key_fits(&got) && !cert_key_fits(&wrong), "its key is the one that was asked with");
    dates(ca->cert, 20, "the authority");
    dates(hub->cert, 2, "the hub");
    dates(*node, 1, "the centre");
}

static void by_time(const char *ca, const char *hub, const char *node)
{
    tap_is_int(judged(node, ca, CERT_NODE, NULL, NOW + 370 * DAY), SND_E_AUTH, "a year ends");
    tap_is_int(judged(hub, ca, CERT_HUB, NULL, NOW + 735 * DAY), SND_E_AUTH, "two years end");
    tap_is_int(judged(node, ca, CERT_NODE, NULL, NOW - 23 * DAY / 24), 0,
               "a clock less than a day behind is let in");
    tap_is_int(judged(node, ca, CERT_NODE, NULL, NOW - 2 * DAY), SND_E_AUTH, "two days are not");
    tap_is_int(judged(node, ca, CERT_NODE, NULL, 0), SND_E_AUTH, "nor 1970");
    tap_is_int(judged(node, ca, CERT_HUB, NULL, NOW), SND_E_AUTH, "a centre is no hub");
    tap_is_int(judged(hub, ca, CERT_NODE, NULL, NOW), SND_E_AUTH, "a hub is no centre");
    tap_is_int(judged(ca, ca, CERT_HUB, NULL, NOW), SND_E_AUTH, "an authority is no hub");
}

static void forged(void)
{
    struct cert_pair ca;
    struct forged *list;
    size_t count = forge_all(NOW, NULL, &ca, &list);
    int good = 0, wanted = 0, refused = 0, wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const char *why = NULL, *host = list[i].as == CERT_HUB ? FORGE_HOST : NULL;
        int err =
            cert_check(list[i].pair.cert, strlen(list[i].pair.cert),
                       list[i].anchor ? list[i].anchor : ca.cert, list[i].as, host, NOW, &why);
        good += list[i].good && err == 0;
        wanted += list[i].good;
        wrong += !list[i].good;
        refused += !list[i].good && err == SND_E_AUTH && why != NULL;
        if (list[i].good != (err == 0))
            tap_note("%s: %d %s", list[i].name, err, why ? why : "");
    }
    tap_is_int(good, wanted, "certificates with nothing wrong are believed");
    tap_ok(wrong >= 20 && refused == wrong, "certificates with one thing wrong are refused");
    tap_note("%d kinds", wrong);
    forge_free(&list, count);
    cert_pair_free(&ca);
}

static void nonsense(const struct cert_pair *ca, const struct cert_pair *asked)
{
    static const char *const not_hosts[] = {"",    "*.example.om", "a b", "a..b", "hub,DNS:evil.om",
                                            "x:y", "hub\n"};
    struct cert_pair out, other;
    char *node = NULL;
    int refused = 0;
    for (size_t i = 0; i < SND_COUNT(not_hosts); i++)
        refused += cert_make_hub(ca, &not_hosts[i], 1, NOW, &out) == SND_E_INVALID && !out.cert;
    tap_is_int(refused, (int)SND_COUNT(not_hosts), "what is no name and no address");
    tap_is_int(cert_make_hub(ca, NULL, 0, NOW, &out), SND_E_INVALID, "no name at all");
    tap_ok(cert_issue_node(ca, "", 0, node_id, "DA01-003", NOW, &node) == SND_E_BAD &&
               cert_issue_node(ca, ca->cert, strlen(ca->cert), node_id, "DA01-003", NOW, &node) ==
                   SND_E_BAD,
           "what is no request");
    tap_ok(cert_issue_node(ca, asked->cert, strlen(asked->cert), "a/CN=b", "DA01-003", NOW,
                           &node) == SND_E_INVALID,
           "a name that is none");
    if (cert_make_ca("Other", NOW, &other))
        return;
    const struct cert_pair mixed = {ca->cert, other.key};
    tap_is_int(
        cert_issue_node(&mixed, asked->cert, strlen(asked->cert), node_id, "DA01-003", NOW, &node),
        SND_E_BAD, "another authority's key signs nothing");
    cert_pair_free(&other);
}

/* Another symbol of base64, with other upper bits: the last symbol's lower ones may say nothing
   (RFC 4648, 3.5), so a certificate changed there alone is the same certificate. */
static char other_symbol(char symbol)
{
    return symbol == 'A' ? 'g' : 'A';
}

/* Every bit of a request: either it is no request any more or its signature is wrong. */
static void flipped(const struct cert_pair *ca, const struct cert_pair *asked, const char *cert)
{
    int taken = 0;
    size_t len = strlen(asked->cert);
    char *copy = x_strdup(asked->cert), *node = NULL;
    const char *body = strchr(asked->cert, '\n') + 1, *end = strstr(asked->cert, "-----END");
    for (const char *at = body; at < end; at++) {
        size_t i = (size_t)(at - asked->cert);
        copy[i] = other_symbol(*at);
        if (strchr("\n=", *at) == NULL &&
            cert_issue_node(ca, copy, len, node_id, "DA01-003", NOW, &node) == 0)
            taken++;
        x_free(&node);
        copy[i] = *at;
    }
    tap_is_int(taken, 0, "no request with a changed symbol is taken");
    x_free(&copy);
    taken = 0;
    copy = x_strdup(cert);
    body = strchr(cert, '\n') + 1;
    end = strstr(cert, "-----END");
    for (const char *at = body; at < end; at++) {
        size_t i = (size_t)(at - cert);
        copy[i] = other_symbol(*at);
        taken += strchr("\n=", *at) == NULL && judged(copy, ca->cert, CERT_NODE, NULL, NOW) == 0;
        copy[i] = *at;
    }
    tap_is_int(taken, 0, "no certificate with a changed symbol is believed");
    x_free(&copy);
}

/* Every bit of a good certificate turned over, then two at a time. */
static void bits(const struct cert_pair *ca)
{
    enum { TRIES = 10000 };
    struct cert_pair asked = {0};
    char *cert = NULL;
    uint8_t der[CERT_MAX];
    int len = 0, taken = 0;
    if (cert_ask(&asked) ||
        cert_issue_node(ca, asked.cert, strlen(asked.cert), node_id, "DA01-003", NOW, &cert))
        return;
    X509 *parsed = cert_parse(cert, strlen(cert));
    uint8_t *at = der;
    len = i2d_X509(parsed, NULL);
    if (len > 0 && len <= CERT_MAX)
        (void)i2d_X509(parsed, &at);
    X509_free(parsed);
    int good = cert_check(der, (size_t)len, ca->cert, CERT_NODE, NULL, NOW, NULL) == 0;
    for (int i = 0; i < TRIES; i++) {
        unsigned bit = (unsigned)i, other = bit;
        if (i >= len * 8) {
            bit = random_below((uint32_t)len * 8);
            other = (bit + 1 + random_below((uint32_t)len * 8 - 1)) % ((unsigned)len * 8);
            der[other / 8] ^= (uint8_t)(1 << other % 8);
        }
        der[bit / 8] ^= (uint8_t)(1 << bit % 8);
        taken += cert_check(der, (size_t)len, ca->cert, CERT_NODE, NULL, NOW, NULL) == 0;
        der[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (other != bit)
            der[other / 8] ^= (uint8_t)(1 << other % 8);
    }
    tap_ok(good && taken == 0, "10 000 certificates with bits turned over: none is believed");
    tap_note("%d were, of %d bits", taken, len * 8);
    cert_pair_free(&asked);
    x_free(&cert);
}

/* ---- invitations ---- */

static void invitations(void)
{
    int read = 0, typed_so = 0, slips = 0, named = 0, swaps = 0, group;
    for (int i = 0; i < 500; i++) {
        struct invite made, got;
        uint8_t ca[HASH_SIZE];
        char text[INVITE_TEXT], typed[2 * INVITE_TEXT], other[INVITE_TEXT];
        random_bytes(ca, sizeof ca);
        invite_make(ca, &made);
        invite_text(&made, text);
        read += strlen(text) == INVITE_TEXT - 1 && invite_read(text, &got, &group) == 0 &&
                invite_is_of(&got, ca) && strcmp(got.secret, made.secret) == 0;
        (void)str_format(typed, sizeof typed, "  %.11s %.5s%s ", text, text + 12, text + 18);
        for (char *at = typed; *at; at++)
            *at = *at == '0' ? 'o' : *at == '1' ? 'l' : (char)tolower((unsigned char)*at);
        typed_so += invite_read(typed, &got, &group) == 0 && invite_is_of(&got, ca);
        int wrong = i % INVITE_GROUPS, place = wrong * 6 + i / INVITE_GROUPS % 4;
        (void)str_copy(other, sizeof other, text);
        other[place] = other[place] == '7' ? '8' : '7';
        slips += invite_read(other, &got, &group) == SND_E_BAD;
        named += group == wrong + 1;
        memcpy(other, text, sizeof other);
        memcpy(other, text + 6, 5);
        memcpy(other + 6, text, 5);
        swaps += invite_read(other, &got, &group) == SND_E_BAD;
    }
    tap_is_int(read, 500, "an invitation is read as it was made");
    tap_is_int(typed_so, 500, "and as people type it");
    tap_is_int(slips, 500, "a wrong symbol is seen");
    tap_is_int(named, 500, "and its group is named");
    tap_is_int(swaps, 500, "two groups that changed places are seen");
    struct invite got;
    tap_ok(invite_read("", &got, &group) && group == 0 &&
               invite_read("00000-00000-00000-00000-00000-0000", &got, &group) && group == 0 &&
               invite_read("00000-00000-00000-00000-00000-00000-0", &got, &group) && group == 0 &&
               invite_read("0000U-00000-00000-00000-00000-00000", &got, &group) && group == 0,
           "what is no invitation");
}

int main(void)
{
    struct cert_pair ca = {0}, hub = {0}, asked = {0};
    char *node = NULL;
    usual(&ca, &hub, &asked, &node);
    by_time(ca.cert, hub.cert, node);
    forged();
    nonsense(&ca, &asked);
    flipped(&ca, &asked, node);
    bits(&ca);
    invitations();
    x_free(&node);
    cert_pair_free(&asked);
    cert_pair_free(&hub);
    cert_pair_free(&ca);
    return tap_done();
}
