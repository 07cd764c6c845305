/* SPDX-License-Identifier: Apache-2.0
 * What the client asks for on its one session channel: a terminal and a shell, a shell alone, which
 * is line mode, files, or the book for screens that run on its own side. Everything else gets a
 * clear line in both languages and an exit status instead of a silence; what has no callback here
 * (forwarding of any kind, further channels) libssh refuses. */
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "ssh/door_priv.h"

#define SIDE_MAX 500 /* most rows or columns */
#define ROWS_UNSAID 24
#define COLS_UNSAID 80

static const struct unserved unserved[] = {
#define UNSERVED(name, asked, line) {asked, line},
#include "ssh/unserved.def"
#undef UNSERVED
};
enum {
#define UNSERVED(name, asked, line) UNSERVED_##name,
#include "ssh/unserved.def"
#undef UNSERVED
};

static uint32_t side(int asked, uint32_t unsaid)
{
    if (asked < 1)
        return unsaid;
    return asked > SIDE_MAX ? SIDE_MAX : (uint32_t)asked;
}

/* 1 and copied when the text is 1..size-1 letters, digits and the given signs. */
static int take_word(char *out, size_t size, const char *text, const char *signs)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t len = strnlen(text, size);
    if (len == 0 || len == size)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (!strchr(letters, text[i]) && !strchr(signs, text[i]))
            return 0;
    return str_copy(out, size, text) == 0;
}

static int on_pty(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED, const char *term,
                  int width, int height, int px_width SND_UNUSED, int px_height SND_UNUSED,
                  void *userdata)
{
    struct door *door = userdata;
    if (door->has_pty || door->stage != DOOR_WAITING)
        return 1;
    if (!take_word(door->term, sizeof door->term, term, "+._-"))
        (void)str_copy(door->term, sizeof door->term, "vt100");
    door->rows = side(height, ROWS_UNSAID);
    door->cols = side(width, COLS_UNSAID);
    door->has_pty = 1;
    /* Clients ask as soon as they know of their channel. What TCP has measured would end at the
     * next proxy or jump host. */
    door->rtt_ms = (uint32_t)(clock_mono_ms() - door->confirmed);
    return 0;
}

static int on_window(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED, int width,
                     int height, int px_width SND_UNUSED, int px_height SND_UNUSED, void *userdata)
{
    struct door *door = userdata;
    door->rows = side(height, ROWS_UNSAID);
    door->cols = side(width, COLS_UNSAID);
    door->resized = 1;
    return 0;
}

static int on_env(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED, const char *name,
                  const char *value, void *userdata)
{
    struct door *door = userdata;
    if (strcmp(name, "NO_COLOR") == 0) { /* no-color.org: whatever it says */
        door->mono = value[0] != '\0';
        return 0;
    }
    if (strcmp(name, "LC_ALL") != 0 && (strcmp(name, "LANG") != 0 || door->lang[0]))
        return 1;
    return !take_word(door->lang, sizeof door->lang, value, "@._-");
}

/* 0 when the answer to be given fits this moment. */
static int refuse_later(struct door *door, int what)
{
    if (door->stage != DOOR_WAITING || door->wants_shell || door->wants_bytes || door->refused)
        return 1;
    door->refused = &unserved[what];
    return 0;
}

static int on_shell(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED, void *userdata)
{
    struct door *door = userdata;
    if (strcmp(door->term, "dumb") == 0)
        return refuse_later(door, UNSERVED_DUMB);
    if (door->stage != DOOR_WAITING || door->refused || door->wants_shell || door->wants_bytes)
        return 1;
    door->wants_shell = 1;
    return 0;
}

static int on_exec(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED,
                   const char *command, void *userdata)
{
    int old_copy = strncmp(command, "scp ", 4) == 0;
    return refuse_later(userdata, old_copy ? UNSERVED_SCP : UNSERVED_EXEC);
}

static int on_subsystem(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED,
                        const char *name, void *userdata)
{
    static const struct {
        const char *name;
        enum ctl_type bytes;
    } subsystems[] = {{"sftp", CTL_FILES}, {"sanad-book", CTL_BOOK}};
    struct door *door = userdata;
    for (size_t i = 0; i < SND_COUNT(subsystems); i++) {
        if (strcmp(name, subsystems[i].name) != 0)
            continue;
        if (door->stage != DOOR_WAITING || door->refused || door->wants_shell || door->wants_bytes)
            return 1;
        door->wants_bytes = subsystems[i].bytes;
        return 0;
    }
    return refuse_later(userdata, UNSERVED_SUBSYSTEM);
}

static int on_data(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED, void *data,
                   uint32_t len, int is_stderr SND_UNUSED, void *userdata)
{
    struct door *door = userdata;
    if (door->refused || door->stage == DOOR_LEAVING)
        return (int)len; /* nobody will read it */
    if (door->stage != DOOR_RUNNING) {
        door->input_held = 1; /* typed ahead of the screen */
        return 0;
    }
    return (int)doorpump_input(door, data, len);
}

static void on_eof(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED, void *userdata)
{
    struct door *door = userdata;
    door->input_ended = INPUT_ENDING;
}

static void on_close(ssh_session session SND_UNUSED, ssh_channel channel SND_UNUSED, void *userdata)
{
    struct door *door = userdata;
    door->over = 1;
}

ssh_channel dooropen_channel(ssh_session session, void *userdata)
{
    struct door *door = userdata;
    struct ssh_channel_callbacks_struct *calls = &door->channel_calls;
    if (door->channel || door->stage != DOOR_WAITING)
        return NULL;
    door->channel = ssh_channel_new(session);
    if (!door->channel)
        return NULL;
    calls->userdata = door;
    calls->channel_pty_request_function = on_pty;
    calls->channel_pty_window_change_function = on_window;
    calls->channel_env_request_function = on_env;
    calls->channel_shell_request_function = on_shell;
    calls->channel_exec_request_function = on_exec;
    calls->channel_subsystem_request_function = on_subsystem;
    calls->channel_data_function = on_data;
    calls->channel_eof_function = on_eof;
    calls->channel_close_function = on_close;
    ssh_callbacks_init(calls);
    ssh_set_channel_callbacks(door->channel, calls);
    door->confirmed = clock_mono_ms();
    return door->channel;
}
