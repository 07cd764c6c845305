/* SPDX-License-Identifier: Apache-2.0
 * Room that is put by. On a full disk a database can't even delete, so a file that does nothing but
 * take up room stands beside it while there is room enough. When a write finds the disk full the
 * file goes: what is waiting can be written, and somebody has time to make room. It comes back by
 * itself once there is room again. How full the disk is goes with the answers to clerks from 90 %
 * on. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "ledger/server_priv.h"

#define TEND_MS 5000
#define LOW_PERCENT 90
#define MIB (1024LL * 1024)
#define PIECE (4 * MIB) /* written at a time where the file system can't just set room aside */

struct ballast {
    char *path, *folder;
    int64_t size, made; /* bytes wanted, bytes there */
    int64_t tended;
    int low; /* little room is left; -1 = not looked yet in this round of the loop */
    int fd;  /* while it is being written, else -1 */
};

struct ballast *ballast_new(const struct ledger_args *args)
{
    struct ballast *ballast = x_alloc(sizeof *ballast);
    ballast->folder = folder_of(args->db);
    ballast->path = x_printf("%s/ballast", ballast->folder);
    ballast->size = args->ballast_mib * MIB;
    ballast->fd = ballast->low = -1;
    return ballast;
}

void ballast_free(struct ballast **ballast)
{
    if (!*ballast)
        return;
    proc_close(&(*ballast)->fd);
    x_free(&(*ballast)->path);
    x_free(&(*ballast)->folder);
    x_free(ballast);
}

static void give_up(struct ballast *ballast)
{
    proc_close(&ballast->fd);
    (void)unlink(ballast->path);
    ballast->made = 0;
}

/* The next piece of the file, or all of it at once. */
static void make(struct ballast *ballast)
{
    static const char zeros[65536];
    if (ballast->fd < 0)
        ballast->fd = open(ballast->path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (ballast->fd < 0)
        return;
    if (ballast->made == 0 && fallocate(ballast->fd, 0, 0, ballast->size) == 0)
        ballast->made = ballast->size;
    for (int64_t piece = 0; piece < PIECE && ballast->made < ballast->size;) {
        ssize_t n = pwrite(ballast->fd, zeros, sizeof zeros, ballast->made);
        if (n <= 0) {
            give_up(ballast);
            return;
        }
        ballast->made += n;
        piece += n;
    }
    if (ballast->made >= ballast->size) {
        log_info("ledger.ballast", "mib=%d", (int)(ballast->size / MIB));
        proc_close(&ballast->fd);
    }
}

/* What stands there from before, when it is whole. */
static void look(struct ballast *ballast)
{
    int fd = open(ballast->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    off_t len = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    proc_close(&fd);
    ballast->made = len >= ballast->size ? len : 0;
}

void ballast_tend(struct ledger *ledger)
{
    struct ballast *ballast = ledger->ballast;
    struct statvfs disk;
    int64_t now = clock_mono_ms();
    ballast->low = -1;
    if (ballast->tended != 0 && now - ballast->tended < TEND_MS)
        return;
    if (ballast->tended == 0)
        look(ballast);
    ballast->tended = now;
    if (statvfs(ballast->folder, &disk) != 0 || disk.f_blocks == 0)
        return;
    int64_t free = (int64_t)(disk.f_bavail * disk.f_frsize);
    if (ballast->made < ballast->size && free > 2 * ballast->size)
        make(ballast);
}

int ballast_low(const struct ledger *ledger)
{
    struct ballast *ballast = ledger->ballast;
    struct statvfs disk;
    if (ballast->low < 0)
        ballast->low = statvfs(ballast->folder, &disk) == 0 &&
                       (disk.f_blocks - disk.f_bavail) * 100 >= disk.f_blocks * LOW_PERCENT;
    return ballast->low;
}

void ballast_drop(struct ledger *ledger)
{
    struct ballast *ballast = ledger->ballast;
    ballast->tended = clock_mono_ms();
    if (ballast->made == 0)
        return;
    give_up(ballast);
    log_error("ledger.disk_full", "ballast_freed_mib=%d", (int)(ballast->size / MIB));
}
