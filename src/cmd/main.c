/* SPDX-License-Identifier: Apache-2.0
 * The program: finds the subcommand in commands.def and runs it. */
#include "cmd/cmd.h"
int main(void)
{
    return 0;
}
