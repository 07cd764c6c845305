/* SPDX-License-Identifier: Apache-2.0
 * The arguments with which the ledger is rightly asked for what goes between a centre and its hub,
 * to agencies and to the portal, and for documents, which go along. Which operation takes which
 * stands in ledger_args_hub.def alone. */
#include "tests/unit/ledger_args.h"
#include <stdio.h>
#include "base/err.h"
#include "base/hash.h"

static void part(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "hub");
}

static void own_head(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_bytes(frame, NULL, 0);
}

static void from_start(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
}

static void give_up(struct buf *frame, const struct scene *scene)
{
    from_start(frame, scene);
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 1000);
    wire_put_u8(frame, 0);
}

static void give_node(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->draft);
    from_start(frame, scene);
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 1000);
}

static void take_up(struct buf *frame, const struct scene *scene)
{
    static const uint8_t zeros[HASH_SIZE];
    wire_put_id(frame, &scene->draft);
    wire_put_i64(frame, 1);
    wire_put_i64(frame, 1);
    wire_put_u32(frame, 0);
    wire_put_bytes(frame, zeros, HASH_SIZE);
    wire_put_bytes(frame, NULL, 0);
    wire_put_bytes(frame, NULL, 0);
    wire_put_bytes(frame, NULL, 0);
    wire_put_bytes(frame, zeros, HASH_SIZE);
}

static void take_down(struct buf *frame, const struct scene *scene)
{
    wire_put_u32(frame, 0);
    wire_put_bytes(frame, NULL, 0);
    from_start(frame, scene);
    wire_put_i64(frame, 0);
}

static void known(struct buf *frame, const struct scene *scene)
{
    static const uint8_t zeros[HASH_SIZE];
    wire_put_id(frame, &scene->draft);
    wire_put_bytes(frame, zeros, HASH_SIZE);
}

static void seen(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->draft);
    wire_put_i64(frame, 0);
    wire_put_text(frame, "sanad");
    for (int i = 0; i < 3; i++)
        wire_put_i64(frame, 0);
}

static void note(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_i64(frame, 0);
    wire_put_text(frame, "");
}

static void join_line(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, "");
    wire_put_id(frame, &scene->draft);
}

/* A centre for each who may invite one. */
static void put_centre(struct buf *frame, const struct scene *scene)
{
    char centre[16];
    snprintf(centre, sizeof centre, "ZZ01-%03d", (int)scene->role);
    wire_put_text(frame, centre);
}

static void invite(struct buf *frame, const struct scene *scene)
{
    put_centre(frame, scene);
    wire_put_text(frame, "مركز");
    wire_put_text(frame, "secret");
    wire_put_i64(frame, INT64_MAX);
}

static void list_nodes(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_u32(frame, 0);
}

static void join_hub(struct buf *frame, const struct scene *scene)
{
    static const uint8_t zeros[HASH_SIZE];
    put_centre(frame, scene);
    wire_put_text(frame, "secret");
    wire_put_id(frame, &scene->draft);
    wire_put_bytes(frame, zeros, HASH_SIZE);
    wire_put_bytes(frame, zeros, HASH_SIZE);
}

static void renew(struct buf *frame, const struct scene *scene)
{
    static const uint8_t zeros[HASH_SIZE];
    wire_put_id(frame, &scene->draft);
    wire_put_bytes(frame, zeros, HASH_SIZE);
}

static void inbox_name(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->unique);
    wire_put_i64(frame, 100);
    wire_put_u8(frame, 0);
}

/* Of an entry that isn't there, as all that names a document here is. */
static void inbox_entry(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
}

static void inbox_piece(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_i64(frame, 0);
    wire_put_bytes(frame, "%PDF-", 5);
}

static void inbox_named(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_text(frame, "scan.pdf");
}

static void some_sha(struct buf *frame, const struct scene *scene)
{
    uint8_t sha[HASH_SIZE] = {1};
    (void)scene;
    wire_put_bytes(frame, sha, HASH_SIZE);
}

static void document_piece(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
    some_sha(frame, scene);
    wire_put_i64(frame, 0);
    wire_put_u32(frame, 100);
}

static void document_of(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
    wire_put_text(frame, "name");
    some_sha(frame, scene);
}

static void blob_from(struct buf *frame, const struct scene *scene)
{
    some_sha(frame, scene);
    wire_put_i64(frame, 0);
    wire_put_u32(frame, 100);
}

static void blob_piece(struct buf *frame, const struct scene *scene)
{
    some_sha(frame, scene);
    wire_put_i64(frame, 0);
    wire_put_bytes(frame, "%PDF-", 5);
}

static void ten(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_u32(frame, 10);
}

static void link_terms(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "TEST");
    wire_put_text(frame, "https://agency.example");
    wire_put_text(frame, "");
    wire_put_text(frame, "");
    wire_put_i64(frame, 1);
    wire_put_text(frame, "");
    wire_put_text(frame, "reference");
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 4);
}

static void link_stage(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "NONE");
    wire_put_text(frame, "live");
    wire_put_i64(frame, 1);
}

static void link_pause(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "NONE");
    wire_put_u8(frame, 1);
    wire_put_text(frame, "");
}

static void two_texts(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "");
    wire_put_text(frame, "");
}

static void text_and_number(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "NONE");
    wire_put_u32(frame, 9);
}

static void no_request(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
}

static void no_body(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_u32(frame, 0);
}

static void no_attempt(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_u8(frame, 0);
    wire_put_text(frame, "");
    wire_put_u32(frame, 200);
    wire_put_text(frame, "");
    wire_put_i64(frame, 0);
    wire_put_bytes(frame, "", 0);
}

static void no_followup(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_u8(frame, 0);
    wire_put_u32(frame, 200);
    wire_put_text(frame, "");
    wire_put_i64(frame, 0);
    wire_put_bytes(frame, "", 0);
}

static void no_link(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "NONE");
}

static void line_goes(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "TEST");
    wire_put_u32(frame, 0);
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
    wire_put_text(frame, "");
}

static void foreign_document(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, "");
    wire_put_text(frame, "00");
    wire_put_text(frame, "");
    some_sha(frame, scene);
}

static void no_message(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "");
    wire_put_text(frame, "00");
    wire_put_text(frame, "");
    wire_put_bytes(frame, "{}", 2);
}

static void no_portal(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "");
    wire_put_text(frame, "00");
    wire_put_text(frame, "");
}

static void no_submission(struct buf *frame, const struct scene *scene)
{
    no_portal(frame, scene);
    wire_put_text(frame, "a key of its own");
    some_sha(frame, scene);
    wire_put_text(frame, "{}");
}

static void no_status(struct buf *frame, const struct scene *scene)
{
    no_portal(frame, scene);
    wire_put_text(frame, "DA01-003-7K3M9QX-H");
}

const struct args args_hub[OP_COUNT] = {
#define ARGS(operation, arguments, answer, far) [OP_##operation] = {arguments, answer, far},
#include "tests/unit/ledger_args_hub.def"
#undef ARGS
};
