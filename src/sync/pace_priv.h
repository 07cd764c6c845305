/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_PACE_PRIV_H
#define SYNC_PACE_PRIV_H
/* How much at once, and how soon again. */
#include <stdint.h>
#define PACE_LEAST 32           /* bytes of a batch; one event goes whatever its size */
#define PACE_MOST (1024 * 1024) /* unless another `most` is set after pace_begin() */
#define PACE_FIRST 65536
#define PACE_CALM 8         /* full batches in a row, and the line is another one */
#define PACE_WAIT_LEAST 200 /* ms */
#define PACE_WAIT_MOST (300 * 1000)
struct pace {
    int64_t batch; /* bytes that the next batch may have, before compression */
    int64_t most;  /* what it may grow to */
    int cut;       /* so many more full batches grow by little: one has failed lately */
    int64_t wait;  /* the last pause after a failure, 0 = none has failed since the last success */
};
void pace_begin(struct pace *pace);
/* A batch that was full arrived: twice as much next time; an eighth more while one that failed is
 * not PACE_CALM full ones ago. */
void pace_full(struct pace *pace);
/* An exchange came through: nothing to wait for. */
void pace_worked(struct pace *pace);
/* One didn't: half of what was sent, and *ms to wait, somewhere between half the pause and the
 * whole of it, which doubles. `sent`: bytes of the batch that failed, 0 = it carried nothing. */
int64_t pace_failed(struct pace *pace, int64_t sent);
/* Who was told to come again after so many seconds comes then, or up to half as much later, so that
 * not all come at once; `ms` is what it would have waited. */
int64_t pace_told(int64_t ms, int64_t again_s);
/* A person, a save or a line that came up: the next attempt is made at once, and counts as a first.
 */
void pace_again(struct pace *pace);
/* Most ms that a request with so many bytes each way may take. */
int64_t pace_patience(int64_t bytes);
#endif
