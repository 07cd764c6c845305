/* SPDX-License-Identifier: Apache-2.0
 * The fuzzer's seed of each operation: a request as the first role that may ask would ask it, made
 * from ledger_args.def with a scene in which nothing is left to chance. So an operation without a
 * seed, or whose arguments are others than its seed's, is found at once; GENERATE=1 writes them
 * anew. Further seeds beside them (cut, with noise) are as somebody made them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "tests/fuzz/frame.h"
#include "tests/tap.h"
#include "tests/unit/ledger_args.h"

#define SEED_ROOM 16384

static enum role first_allowed(enum operation op)
{
    enum role role = 0;
    while (role < ROLE_COUNT && !op_allows(op, role))
        role++;
    return role;
}

/* Its bytes, and how many; 0 when the operation has no line. */
static size_t make_seed(struct scene *scene, enum operation op, uint8_t out[SEED_ROOM])
{
    struct buf frame;
    scene->role = first_allowed(op);
    if (scene->role == ROLE_COUNT || !args_of(op)->put)
        return 0;
    rig_begin(&frame, 7, op_row(op)->wire, &scene->write);
    args_of(op)->put(&frame, scene);
    size_t len = wire_end(&frame) || frame.len >= SEED_ROOM ? 0 : frame.len + 1;
    out[0] = (uint8_t)(FRAME_LENGTH | scene->role);
    if (len > 0)
        memcpy(out + 1, frame.data, frame.len);
    buf_free(&frame);
    return len;
}

static int write_seed(const char *path, const uint8_t *seed, size_t len)
{
    FILE *file = fopen(path, "wb");
    int good = file && fwrite(seed, 1, len, file) == len;
    return file && fclose(file) == 0 && good;
}

static int same_seed(const char *path, const uint8_t *seed, size_t len)
{
    static uint8_t kept[SEED_ROOM];
    FILE *file = fopen(path, "rb");
    size_t got = file ? fread(kept, 1, sizeof kept, file) : 0;
    if (file)
        fclose(file);
    return got == len && memcmp(kept, seed, len) == 0;
}

static int has_seed(struct scene *scene, enum operation op)
{
    static uint8_t seed[SEED_ROOM];
    char path[128];
    size_t len = make_seed(scene, op, seed);
    snprintf(path, sizeof path, "tests/fuzz/seeds/frame/%s", op_row(op)->wire);
    if (len > 0 && getenv("GENERATE") && !write_seed(tap_source(path), seed, len))
        return 0;
    if (len > 0 && same_seed(tap_source(path), seed, len))
        return 1;
    tap_note("%s: make it with GENERATE=1 make check TESTS=tests/unit/ledger_seeds", path);
    return 0;
}

int main(void)
{
    static char values[] = "{\"civil\":\"12345678\",\"name\":\"سالم بن سعيد\","
                           "\"mobile\":\"92345678\",\"capacity\":\"self\"}";
    struct rig rig;
    struct scene scene = {.rig = &rig, .opened = 1, .unique = "new", .values = values};
    int seeds = 0;
    rig_make(&rig, RIG_USUAL);
    memset(scene.write.b, 0x5a, ID_SIZE);
    memset(scene.draft.b, 0x5b, ID_SIZE);
    (void)str_copy(scene.number, sizeof scene.number, FRAME_NUMBER);
    for (enum operation op = 0; op < OP_COUNT; op++)
        seeds += has_seed(&scene, op);
    tap_is_int(seeds, OP_COUNT, "every operation has a seed for the fuzzer that asks it rightly");
    rig_remove(&rig);
    return tap_done();
}
