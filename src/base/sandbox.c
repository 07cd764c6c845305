/* SPDX-License-Identifier: Apache-2.0
 * Landlock and seccomp. The filters come from sandbox.def and are compiled once, in the parent that
 * everything else is forked from: a login then costs one system call, and no pages of its own.
 *
 * Landlock here refuses every kind of access that the running kernel knows of, less what the
 * caller's paths give back; no process is ever given execution or devices, and none but those whose
 * work it is may connect to a TCP port, so a gate that was taken over can neither run a shell nor
 * call home. What a process holds open already (its sockets, the gate's listener) is not affected
 * by landlock. */
#include "config.h"
#include "base/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

enum who {
    G = 1 << SANDBOX_GATE,
    O = 1 << SANDBOX_DOOR,
    N = 1 << SANDBOX_NURSERY,
    K = 1 << SANDBOX_DESK,
    L = 1 << SANDBOX_LEDGER,
    R = 1 << SANDBOX_READER,
    H = 1 << SANDBOX_HASHER,
    S = 1 << SANDBOX_SYNC,
    W = 1 << SANDBOX_HUB,
    C = 1 << SANDBOX_COURIER,
    F = 1 << SANDBOX_FILES,
    ALL = (1 << SANDBOX_KINDS) - 1
};

enum rule_kind { RULE_CALL, RULE_WHEN, RULE_ONLY };
struct rule {
    const char *call;    /* by name, since numbers differ by machine */
    unsigned who;        /* bits 1 << enum sandbox_kind */
    enum rule_kind kind; /* what `arg` and `value` mean */
    unsigned arg;
    uint64_t value;
};

static const struct rule rules[] = {
#define SANDBOX_CALL(call, who) {#call, who, RULE_CALL, 0, 0},
#define SANDBOX_WHEN(call, who, arg, value) {#call, who, RULE_WHEN, arg, (uint64_t)(value)},
#define SANDBOX_ONLY(call, who, arg, mask) {#call, who, RULE_ONLY, arg, (uint64_t)(mask)},
#ifdef SND_SANITIZERS
#define SANDBOX_SANITIZER(call, who) {#call, who, RULE_CALL, 0, 0},
#else
#define SANDBOX_SANITIZER(call, who)
#endif
#include "base/sandbox.def"
#undef SANDBOX_CALL
#undef SANDBOX_WHEN
#undef SANDBOX_ONLY
#undef SANDBOX_SANITIZER
};

/* Compiled filters, made on first use or by sandbox_warm(). */
static struct sock_fprog filters[SANDBOX_KINDS];

static int add_rule(scmp_filter_ctx filter, const struct rule *rule)
{
    int call = seccomp_syscall_resolve_name(rule->call);
    if (call == __NR_SCMP_ERROR || call < 0)
        return 0; /* this machine has no such call */
    struct scmp_arg_cmp is = {rule->arg, SCMP_CMP_EQ, rule->value, 0};
    struct scmp_arg_cmp none_beyond = {rule->arg, SCMP_CMP_MASKED_EQ, ~rule->value, 0};
    const struct scmp_arg_cmp *condition = rule->kind == RULE_ONLY ? &none_beyond : &is;
    int err =
        seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, rule->kind != RULE_CALL, condition);
    return err && err != -EEXIST ? SND_E_SYS : 0;
}

/* Takes the kernel's program out of libseccomp, which only writes it to a descriptor. */
static int take_program(scmp_filter_ctx filter, struct sock_fprog *out)
{
    int err = SND_E_SYS, fd = memfd_create("filter", MFD_CLOEXEC);
    struct stat status;
    if (fd < 0 || seccomp_export_bpf(filter, fd) || fstat(fd, &status))
        goto out;
    size_t size = (size_t)status.st_size, count = size / sizeof(struct sock_filter);
    struct sock_filter *code = x_calloc(count, sizeof *code);
    if (pread(fd, code, size, 0) == (ssize_t)size) {
        *out = (struct sock_fprog){.len = (unsigned short)count, .filter = code};
        err = 0;
    } else {
        x_free(&code);
    }
out:
    if (fd >= 0)
        close(fd);
    return err;
}

static int compile(enum sandbox_kind kind)
{
    if (filters[kind].filter)
        return 0;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return SND_E_SYS;
    int err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) ? SND_E_SYS : 0;
    for (size_t i = 0; i < SND_COUNT(rules) && !err; i++)
        if (rules[i].who & 1u << kind)
            err = add_rule(filter, &rules[i]);
    if (!err)
        err = take_program(filter, &filters[kind]);
    seccomp_release(filter);
    return err;
}

void sandbox_warm(void)
{
    for (int kind = 0; kind < SANDBOX_KINDS; kind++)
        if (compile((enum sandbox_kind)kind))
            log_error("sandbox.compile", "kind=%d", kind);
}

/* Kernel interface of landlock beyond what the oldest supported headers name. */
struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scope;
};
#define FILES_ABI1 ((1ULL << 13) - 1)
#define FILES_REFER (1ULL << 13)
#define FILES_TRUNCATE (1ULL << 14)
#define FILES_IOCTL_DEVICE (1ULL << 15)
#define NETWORK_BIND 1ULL
#define NETWORK_ALL 3ULL /* bind and connect TCP */
#define SCOPE_ALL 3ULL   /* abstract Unix sockets and signals stay inside */
#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define READ_BELOW (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FILE (LANDLOCK_ACCESS_FS_WRITE_FILE | FILES_TRUNCATE)
#define WRITE_BELOW                                                                                \
    (WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |                   \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_DIR | FILES_REFER)

static const struct abi {
    int since;
    struct ruleset handled;
} abis[] = {
    {1, {FILES_ABI1, 0, 0}},  {2, {FILES_REFER, 0, 0}},        {3, {FILES_TRUNCATE, 0, 0}},
    {4, {0, NETWORK_ALL, 0}}, {5, {FILES_IOCTL_DEVICE, 0, 0}}, {6, {0, 0, SCOPE_ALL}},
};

static int landlock_version(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static int allow_path(int ruleset, const struct sandbox_path *path, uint64_t handled)
{
    int fd = open(path->path, O_PATH | O_CLOEXEC);
    struct stat status;
    if (fd < 0)
        return errno == ENOENT ? 0 : SND_E_SYS;
    if (fstat(fd, &status)) {
        close(fd);
        return SND_E_SYS;
    }
    uint64_t access = S_ISDIR(status.st_mode) ? READ_BELOW : READ_FILE;
    if (path->write)
        access |= S_ISDIR(status.st_mode) ? WRITE_BELOW : WRITE_FILE;
    struct landlock_path_beneath_attr rule = {.allowed_access = access & handled, .parent_fd = fd};
    int err = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0)
                  ? SND_E_SYS
                  : 0;
    close(fd);
    return err;
}

/* Who calls out over TCP; nobody of them listens. */
static const unsigned callers = S | C;

static int restrict_reach(enum sandbox_kind kind, const struct sandbox_path *paths)
{
    int version = landlock_version();
    struct ruleset handled = {0};
    if (version < 1)
        return SND_E_SYS;
    for (size_t i = 0; i < SND_COUNT(abis) && abis[i].since <= version; i++) {
        handled.files |= abis[i].handled.files;
        handled.network |= abis[i].handled.network;
        handled.scope |= abis[i].handled.scope;
    }
    if (callers & 1u << kind)
        handled.network &= NETWORK_BIND;
    /* Older kernels take the longer structure as long as its unknown end is zero. */
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (ruleset < 0)
        return SND_E_SYS;
    int err = 0;
    for (; paths && paths->path && !err; paths++)
        err = allow_path(ruleset, paths, handled.files);
    if (!err && syscall(SYS_landlock_restrict_self, ruleset, 0))
        err = SND_E_SYS;
    close(ruleset);
    return err;
}

static int restrict_calls(enum sandbox_kind kind)
{
    int err = compile(kind);
    if (!err && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filters[kind]))
        err = SND_E_SYS;
    return err;
}

/* What a missing part means: the end, or a line in the log. */
static int judge(int err, int weak, const char *part)
{
    if (!err)
        return 0;
    if (!weak) {
        log_error("sandbox.missing", "part=%s", part);
        return err;
    }
    log_warn("sandbox.weak", "part=%s", part);
    return 0;
}

int sandbox_enter(enum sandbox_kind kind, const struct sandbox_path *paths, int weak)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        return SND_E_SYS;
    int err = judge(restrict_reach(kind, paths), weak, "landlock");
    if (!err)
        err = judge(restrict_calls(kind), weak, "seccomp");
    return err;
}

int sandbox_narrow(enum sandbox_kind kind, int weak)
{
    int err = judge(restrict_reach(kind, NULL), weak, "landlock");
    if (!err)
        err = judge(restrict_calls(kind), weak, "seccomp");
    return err;
}

int sandbox_available(void)
{
    /* A filter at address NULL is refused with EFAULT only where filters exist at all. */
    int seccomp = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) && errno == EFAULT;
    return landlock_version() >= 1 && seccomp;
}
