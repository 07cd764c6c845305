/* SPDX-License-Identifier: Apache-2.0
 * Few algorithms are named where nothing says otherwise, of those that the ssh at hand knows; what
 * somebody has set is never touched, and a strange ssh is left as it is. The ssh here is a script
 * that says what each test wants. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "remote/brevity.h"
#include "tests/tap.h"

#define USUAL                                                                                      \
    "user salim\nkexalgorithms sntrup761x25519-sha512,curve25519-sha256,ecdh-sha2-nistp256\n"      \
    "hostkeyalgorithms ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512,ssh-ed25519\n"                \
    "ciphers aes128-ctr,chacha20-poly1305@openssh.com\nmacs hmac-sha2-256-etm@openssh.com\n"

#define PATIENCE_MS 60000
#define SHORT_MS 200

static char folder[] = "/tmp/remote_brevity.XXXXXX";
static char *program;

/* An ssh that does that: $own is 1 when it is asked for what it is without any configuration. */
static void ssh_is(const char *text)
{
    FILE *file = fopen(program, "w");
    if (!file ||
        fprintf(file, "#!/bin/sh\ncase \" $* \" in *' none '*) own=1 ;; *) own= ;; esac\n%s\n",
                text) < 0 ||
        fclose(file) || chmod(program, 0700))
        abort();
}

/* All options, one behind another. */
static const char *found_in(int wait_ms)
{
    static char text[1024];
    struct brevity brevity;
    brevity_find(&brevity, "salim@office", "2222", NULL, wait_ms);
    text[0] = '\0';
    for (size_t i = 0; i < BREVITY_LISTS; i++)
        if (brevity.option[i])
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s ",
                           brevity.option[i]);
    brevity_free(&brevity);
    return text;
}

static const char *found(void)
{
    return found_in(PATIENCE_MS);
}

static void test_silent(void)
{
    ssh_is("cat <<X\n" USUAL "X");
    tap_is(found(),
           "-oKexAlgorithms=curve25519-sha256 -oHostKeyAlgorithms=ssh-ed25519,rsa-sha2-512 "
           "-oCiphers=chacha20-poly1305@openssh.com -oMACs=hmac-sha2-256-etm@openssh.com ",
           "where nothing is set, few are named, of those that this ssh knows");
}

static void test_set(void)
{
    ssh_is(
        "cat <<X | if [ $own ]; then cat; else sed 's/^ciphers .*/ciphers aes128-ctr/'; fi\n" USUAL
        "X");
    tap_is(found(),
           "-oKexAlgorithms=curve25519-sha256 -oHostKeyAlgorithms=ssh-ed25519,rsa-sha2-512 "
           "-oMACs=hmac-sha2-256-etm@openssh.com ",
           "what is set is left alone, and the others are short all the same");
    ssh_is("cat <<X | sed 's/^ciphers .*/ciphers aes192-ctr/; s/^macs .*/macs /; "
           "s/^kex.*/kexalgorithms/'\n" USUAL "X");
    tap_is(found(), "-oHostKeyAlgorithms=ssh-ed25519,rsa-sha2-512 ",
           "a list with none of ours stays as it is");
}

static void test_strange(void)
{
    static const struct {
        const char *does, *what;
    } cases[] = {
        {"exit 255", "an ssh that fails is left as it is"},
        {"cat <<X\n" USUAL "X\nexit 255", "one that tells and fails is left as it is"},
        {"cat <<X\n" USUAL "X\n[ $own ]",
         "one that fails with that configuration alone is left as it is"},
        {"", "a silent one is left as it is"},
        {"head -c 300000 /dev/zero | tr '\\000' c; cat <<X\n" USUAL "X",
         "a babbling one is left as it is"},
        {"head -c 3000 /dev/urandom", "noise is left as it is"},
    };
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        ssh_is(cases[i].does);
        tap_is(found(), "", cases[i].what);
    }
}

static void test_none(void)
{
    setenv("PATH", folder, 1);
    (void)unlink(program);
    tap_is(found(), "", "no ssh at all: nothing to say");
}

static void test_hanging(void)
{
    ssh_is("exec sleep 600");
    int64_t began = clock_mono_ms();
    tap_is(found_in(SHORT_MS), "", "one that hangs is left as it is,");
    tap_ok(clock_mono_ms() - began >= SHORT_MS, "when it has had its time");
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    char *path = x_printf("%s:%s", folder, getenv("PATH"));
    program = x_printf("%s/ssh", folder);
    setenv("PATH", path, 1);
    test_silent();
    test_set();
    test_strange();
    test_hanging();
    test_none();
    (void)rmdir(folder);
    x_free(&path);
    x_free(&program);
    return tap_done();
}
