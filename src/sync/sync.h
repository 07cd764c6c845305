/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H
/* The processes of the line between a hub and its centres. Neither touches the book: both speak to
 * the ledger, as processes of the office and as nobody's account. */
#include "base/attr.h"
#include "base/cert.h"

/* The hub's web server. */
struct hub_args {
    const char *ledger; /* its socket */
    int line;           /* listening, for centres and agencies; -1 = none */
    int pages;          /* listening, for the public; -1 = none */
    /* Of the line, PEM texts. Without a proxy it is TLS with own; with one it is plain, and what
     * that address says in Client-Cert is believed. */
    const struct cert_pair *own;
    const struct cert_pair *ca; /* its key may be away (NULL): then nobody joins or renews */
    const char *proxy;          /* address; "" = none */
    const char *pages_proxy;    /* the one in front of the pages, unless it is on this machine */
    int source_most;            /* connections from one address, unless it is the proxy's */
    const char *user;           /* service user, NULL = stay */
    int ready;                  /* descriptor to write one byte to once connections are taken */
    int weak;                   /* sandbox */
};
/* Runs until SIGTERM. 0 or an error. */
SND_MUST int hub_run(const struct hub_args *args);

/* A centre's line to its hub. */
struct centre_args {
    const char *ledger;          /* its socket */
    const char *url;             /* https://host:port of the hub */
    const char *folder;          /* of its certificates; it may write there */
    struct cert_pair *own;       /* the centre's certificate and key, PEM; renewed in its place */
    const char *authority;       /* the hub's, PEM: nobody else's certificate is believed */
    int word_ms;                 /* how often the hub hears of us when nothing else is to be said */
    const char *user;            /* service user, NULL = stay */
    int ready;                   /* descriptor to write one byte to; -1 = none */
    int weak;                    /* sandbox */
};
/* Runs until SIGTERM. 0 or an error. */
SND_MUST int centre_run(const struct centre_args *args);
#endif
