/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_FRAME_H
#define TESTS_FUZZ_FRAME_H
/* What the target `frame` takes: a byte that says as whom and how, then a frame. */
#define FRAME_ROLE 0x3f
#define FRAME_HASHED 0x40 /* the password worker has answered */
#define FRAME_LENGTH 0x80 /* its length is made right, so that what lies behind it is reached */
/* In it stands for the number of a request that is there. */
#define FRAME_NUMBER "DA01-003-0000000-0"
#endif
