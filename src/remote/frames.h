/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_FRAMES_H
#define REMOTE_FRAMES_H
/* What the two ends of a line say to each other over the subsystem sanad-book: the ledger's own
 * frames (book/book.h), and four of ours.
 *
 * The person's box begins with a hello, and may send questions right behind it without waiting:
 *   'H'  u8 version, bytes ticket (of the session to go on with, or none)
 *   'Q'  a request of the ledger's
 *   'C'  16 bytes, then what follows 'Q' in a request: a read of which an answer is known. The
 * bytes begin the SHA-256 of its results. The office: 'H'  u8 version, bytes ticket, u8 1 = the
 * session is the one that was asked for 'A'  an answer of the ledger's 'S'  u32 tag: the results
 * are the ones that are known 'R'  the ledger was started anew: what was not answered is to be sent
 * again */
#define FRAMES_VERSION 3
#define FRAMES_KNOWN 16 /* bytes of a hash in a 'C' */
#define FRAMES_AHEAD 64 /* most requests without an answer */
#define FRAMES_NAME "sanad-book"
#endif
