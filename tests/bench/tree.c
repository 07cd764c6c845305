/* SPDX-License-Identifier: Apache-2.0
 * Memory and CPU of the process trees under given roots, from /proc. CPU of a live process with one
 * thread comes from schedstat in nanoseconds (thousands of small processes would each lose up to a
 * tick), the rest in clock ticks. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/bench/load.h"

struct process {
    pid_t pid, parent;
    double cpu;
    int threads;
};
struct processes {
    struct process *one;
    size_t count, room;
};

static double schedstat_cpu(pid_t pid, double otherwise)
{
    char path[64];
    unsigned long long ns;
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return otherwise;
    if (fscanf(file, "%llu", &ns) == 1)
        otherwise = (double)ns / 1e9;
    fclose(file);
    return otherwise;
}

static bool read_process(const char *name, struct process *out)
{
    char path[64], text[1024];
    unsigned long user, system_time;
    long user_children, system_children;
    snprintf(path, sizeof path, "/proc/%.20s/stat", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t len = read(fd, text, sizeof text - 1);
    close(fd);
    if (len <= 0)
        return false;
    text[len] = '\0';
    const char *after = strrchr(text, ')');
    if (!after ||
        sscanf(after + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld %*d %*d %d",
               &out->parent, &user, &system_time, &user_children, &system_children,
               &out->threads) != 6)
        return false;
    double tick = (double)sysconf(_SC_CLK_TCK);
    out->pid = (pid_t)strtol(name, NULL, 10);
    out->cpu = (double)(user + system_time) / tick;
    if (out->threads == 1)
        out->cpu = schedstat_cpu(out->pid, out->cpu);
    out->cpu += (double)(user_children + system_children) / tick;
    return true;
}

static void read_all(struct processes *all)
{
    DIR *dir = opendir("/proc");
    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        if (all->count == all->room) {
            all->room = all->room ? all->room * 2 : 1024;
            all->one = x_realloc(all->one, all->room, sizeof *all->one);
        }
        all->count += read_process(entry->d_name, &all->one[all->count]);
    }
    closedir(dir);
}

static int by_pid(const void *a, const void *b)
{
    const struct process *x = a, *y = b;
    return (x->pid > y->pid) - (x->pid < y->pid);
}

static bool below(const struct processes *all, pid_t pid, const pid_t *roots, int count)
{
    for (int hop = 0; pid > 0 && hop < 64; hop++) {
        for (int i = 0; i < count; i++) {
            if (roots[i] == pid)
                return true;
        }
        struct process key = {.pid = pid};
        const struct process *found = bsearch(&key, all->one, all->count, sizeof key, by_pid);
        pid = found ? found->parent : 0;
    }
    return false;
}

static void weigh_memory(pid_t pid, struct tree *tree)
{
    char path[64], line[256];
    double kib;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "Pss: %lf", &kib) == 1)
            tree->pss += kib;
        else if (sscanf(line, "Private_Dirty: %lf", &kib) == 1)
            tree->dirty += kib;
        else if (sscanf(line, "Rss: %lf", &kib) == 1)
            tree->rss += kib;
    }
    fclose(file);
}

struct tree tree_weigh(const pid_t *roots, int count)
{
    struct tree tree = {0};
    struct processes all = {0};
    if (count == 0)
        return tree;
    read_all(&all);
    qsort(all.one, all.count, sizeof *all.one, by_pid);
    for (size_t i = 0; i < all.count; i++) {
        if (!below(&all, all.one[i].pid, roots, count))
            continue;
        tree.processes++;
        tree.threads += all.one[i].threads;
        tree.cpu += all.one[i].cpu;
        weigh_memory(all.one[i].pid, &tree);
    }
    x_free(&all.one);
    return tree;
}
