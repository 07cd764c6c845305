/* SPDX-License-Identifier: Apache-2.0
 * Runs a fuzz target (LLVMFuzzerTestOneInput) over every file of the seed folders given, without
 * libFuzzer: so the seeds are replayed in every `make check`, under the sanitizers too. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    size_t room = 1 << 20;
    uint8_t *data = malloc(room);
    size_t size = data ? fread(data, 1, room, file) : 0;
    fclose(file);
    /* A copy of the exact size, so that ASan sees a read past the end. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!data || !exact)
        abort();
    memcpy(exact, data, size);
    free(data);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

int main(void)
{
    const char *folder = getenv("SND_SEEDS");
    char seeds[4096];
    snprintf(seeds, sizeof seeds, "%s", tap_source(folder ? folder : SND_SEEDS));
    DIR *dir = opendir(seeds);
    int count = 0;
    if (dir) {
        for (struct dirent *entry; (entry = readdir(dir));) {
            char path[8192];
            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof path, "%s/%s", seeds, entry->d_name);
            if (replay_file(path) == 0)
                count++;
        }
        closedir(dir);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    tap_note("%d seeds", count);
    tap_ok(count > 0, "seeds replayed: %s", SND_SEEDS);
    return tap_done();
}
