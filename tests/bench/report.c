/* SPDX-License-Identifier: Apache-2.0
 * Prints what was measured, for people or as one JSON object. */
#include <string.h>
#include <sys/resource.h>
#include "tests/bench/load.h"

static double driver_cpu(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)use.ru_utime.tv_sec + (double)use.ru_utime.tv_usec / 1e6 +
           (double)use.ru_stime.tv_sec + (double)use.ru_stime.tv_usec / 1e6;
}

/* Forms are counted from the sample `idle`, or else from the first one. */
static double cpu_a_form(void)
{
    double from = load.weighings ? load.weighing[0].tree.cpu : load.before.cpu;
    for (int i = 1; i < load.weighings; i++)
        if (strcmp(load.weighing[i].name, "idle") == 0)
            from = load.weighing[i].tree.cpu;
    return load.forms ? (load.after.cpu - from) / (double)load.forms * 1e3 : (double)NAN;
}

static double cpu_a_login(void)
{
    if (!load.weighings)
        return (double)NAN;
    return (load.weighing[0].tree.cpu - load.before.cpu) / load.weighing[0].sessions * 1e3;
}

static void json_number(double v)
{
    if (isnan(v))
        fputs("null", stdout);
    else
        printf("%.6g", v);
}

static void json_samples(const char *name, struct samples *samples, const char *after)
{
    static const struct {
        const char *name;
        double percent;
    } points[] = {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"max", 100}};
    samples_sort(samples);
    printf("\"%s\":{\"n\":%zu,\"mean\":", name, samples->n);
    json_number(samples_mean(samples));
    for (size_t i = 0; i < SND_COUNT(points); i++) {
        printf(",\"%s\":", points[i].name);
        json_number(samples_percentile(samples, points[i].percent));
    }
    printf("}%s", after);
}

static void json_spans(void)
{
    fputs("\"spans\":{", stdout);
    for (int i = 0; i < load.spans; i++) {
        struct span *span = &load.span[i];
        printf("%s\"%s\":{", i ? "," : "", span->name);
        json_samples("ms", &span->ms, ",");
        json_samples("rx_bytes", &span->received, ",");
        json_samples("tx_bytes", &span->sent, ",");
        json_samples("rx_segs", &span->segments_in, ",");
        json_samples("tx_segs", &span->segments_out, ",");
        json_samples("screen_bytes", &span->screen, ",");
        json_samples("keys", &span->keys, "}");
    }
    fputs("},", stdout);
}

static void json_server(void)
{
    const struct tree *base = &load.before;
    printf("\"server\":{\"cpu_s\":%.3f,\"cpu_ms_per_form\":", load.after.cpu - base->cpu);
    json_number(cpu_a_form());
    fputs(",\"cpu_ms_per_login\":", stdout);
    json_number(cpu_a_login());
    printf(",\"base\":{\"pss_kb\":%.0f,\"private_dirty_kb\":%.0f,\"procs\":%d},\"samples\":[",
           base->pss, base->dirty, base->processes);
    for (int i = 0; i < load.weighings; i++) {
        const struct weighing *at = &load.weighing[i];
        printf("%s{\"name\":\"%s\",\"at_s\":%.2f,\"sessions\":%d,\"procs\":%d,\"pss_kb\":%.0f,"
               "\"pss_kb_per_session\":%.1f,\"private_dirty_kb_per_session\":%.1f,\"cpu_s\":%.3f}",
               i ? "," : "", at->name, at->at, at->sessions, at->tree.processes, at->tree.pss,
               (at->tree.pss - base->pss) / at->sessions,
               (at->tree.dirty - base->dirty) / at->sessions, at->tree.cpu - base->cpu);
    }
    fputs("]},", stdout);
}

static void print_json(void)
{
    const struct options *o = &load.options;
    const char *slash = strrchr(o->script, '/');
    printf("{\"label\":\"%s\",\"script\":\"%s\",\"sessions\":%d,\"ok\":%lu,\"failed\":%lu,"
           "\"forms\":%lu,\"keys\":%lu,"
           "\"lost_echo\":%lu,\"merged_nav\":%lu,",
           o->label, slash ? slash + 1 : o->script, o->sessions, (unsigned long)load.finished,
           (unsigned long)load.failed, (unsigned long)load.forms, (unsigned long)load.keys,
           (unsigned long)load.lost, (unsigned long)load.merged);
    printf("\"kps\":%g,\"compress\":%s,\"cipher\":\"%s\",\"kex\":\"%s\",\"wall_s\":%.3f,",
           o->keys_a_second, o->compress ? "true" : "false", load.cipher, load.kex, load.wall);
    json_samples("login_ms", &load.login, ",");
    json_samples("first_screen_ms", &load.first, ",");
    json_samples("echo_ms", &load.echo, ",");
    json_samples("nav_ms", &load.navigation, ",");
    json_samples("letter_bytes", &load.answer, ",");
    json_samples("first_bytes", &load.paint, ",");
    json_spans();
    json_server();
    printf("\"driver\":{\"cpu_s\":%.3f,\"busy_fraction\":%.4f,", driver_cpu(),
           load.busy / load.wall);
    json_samples("loop_ms", &load.loop, "}}\n");
}

static void line(const char *name, struct samples *samples, const char *unit)
{
    samples_sort(samples);
    if (samples->n > 0)
        printf("%-22s n=%-6zu p50 %-9.4g p95 %-9.4g p99 %-9.4g max %-9.4g %s\n", name, samples->n,
               samples_percentile(samples, 50), samples_percentile(samples, 95),
               samples_percentile(samples, 99), samples_percentile(samples, 100), unit);
}

static double median(struct samples *samples)
{
    samples_sort(samples);
    return samples_percentile(samples, 50);
}

static void print_text(void)
{
    printf("%s: %d sessions, %lu ok, %lu failed, %lu forms, %lu keys, %lu echoes never seen, %.1f "
           "s; %s %s\n",
           load.options.script, load.options.sessions, (unsigned long)load.finished,
           (unsigned long)load.failed, (unsigned long)load.forms, (unsigned long)load.keys,
           (unsigned long)load.lost, load.wall, load.kex, load.cipher);
    line("login", &load.login, "ms");
    line("first screen", &load.first, "ms");
    line("key echo", &load.echo, "ms");
    line("navigation key", &load.navigation, "ms");
    line("a letter's answer", &load.answer, "B");
    line("first screen", &load.paint, "B");
    for (int i = 0; i < load.spans; i++) {
        struct span *s = &load.span[i];
        printf("span %-17s n=%-6zu p50 %.1f ms, down %.0f B in %.0f segments (%.0f B of screen), "
               "up %.0f B in %.0f, "
               "%.0f keys\n",
               s->name, s->ms.n, median(&s->ms), median(&s->received), median(&s->segments_in),
               median(&s->screen), median(&s->sent), median(&s->segments_out), median(&s->keys));
    }
    if (load.options.roots)
        printf("server CPU             %.2f ms a form, %.2f ms a login\n", cpu_a_form(),
               cpu_a_login());
    for (int i = 0; i < load.weighings; i++) {
        const struct weighing *at = &load.weighing[i];
        printf(
            "server memory @%-7s %d processes; a session: PSS %.0f KiB, private dirty %.0f KiB\n",
            at->name, at->tree.processes, (at->tree.pss - load.before.pss) / at->sessions,
            (at->tree.dirty - load.before.dirty) / at->sessions);
    }
    samples_sort(&load.loop);
    printf("driver                 CPU %.2f s, busy %.1f %% of wall, loop p99 %.2f ms\n",
           driver_cpu(), 100 * load.busy / load.wall, samples_percentile(&load.loop, 99));
}

void report_print(void)
{
    if (load.options.json)
        print_json();
    else
        print_text();
}
