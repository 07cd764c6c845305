/* SPDX-License-Identifier: Apache-2.0
 * Who is it? The desk answers, from the ledger; the door only brings the question. A name is looked
 * at before anything else, since libssh passes on whatever bytes came. Nothing that was typed here
 * is ever logged: people type passwords where the name belongs. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "ssh/door_priv.h"

#define DOOR_TRIES 6
#define DOOR_OPEN_MS 10000 /* from login to a terminal */

/* Nobody is behind this door: the ledger or the nursery has no room, or is starting again. Said
 * before the refusal, which a client without another way to log in takes for the last word. */
static void say_no_room(struct door *door)
{
    static const char words[] =
        "«لا مكان لجلسة أخرى الآن. حاول بعد دقيقة.»\r\n"
        "There is no room for another session just now. Try again in a minute.\r\n";
    ssh_string text = ssh_string_from_char(words);
    if (text && ssh_send_issue_banner(door->session, text) != SSH_OK)
        log_debug("door.banner", "peer=%s", door->args->peer);
    ssh_string_free(text);
}

/* Asks the desk and waits: the client has nothing else to do meanwhile. 0 when the desk agrees. */
static int ask(struct door *door, enum ctl_type type, const char *user, const char *text)
{
    struct ctl message = {.type = type};
    int err = str_copy(message.user, sizeof message.user, user);
    if (!err)
        err = str_copy(message.text, sizeof message.text, text);
    if (!err)
        err = str_copy(message.peer, sizeof message.peer, door->args->peer);
    if (err)
        goto out;
    err = ctl_send(door->ctl, &message);
    if (!err) {
        int got = ctl_recv(door->ctl, &message);
        err = got == 1 && message.type == CTL_ANSWER ? message.status : SND_E_LOST;
    }
    if (err == SND_E_LOST) {
        log_warn("door.desk_lost", "peer=%s", door->args->peer);
        say_no_room(door);
        door->over = 1;
    }
out:
    mem_wipe(&message, sizeof message);
    return err;
}

static int refuse(struct door *door, const char *why)
{
    door->tries++;
    log_info("door.refused", "peer=%s why=%s try=%d", door->args->peer, why, door->tries);
    if (door->tries >= DOOR_TRIES)
        door->over = 1;
    return SSH_AUTH_DENIED;
}

static int admit(struct door *door)
{
    proc_close(&door->report);
    door_stage(door, DOOR_WAITING, DOOR_OPEN_MS);
    return SSH_AUTH_SUCCESS;
}

static int on_password(ssh_session session SND_UNUSED, const char *user, const char *password,
                       void *userdata)
{
    struct door *door = userdata;
    if (door->stage != DOOR_LOGIN || door->over)
        return SSH_AUTH_DENIED;
    if (!ctl_name_ok(user))
        return refuse(door, "name");
    if (strlen(password) >= CTL_PASSWORD || ask(door, CTL_PASSWORD_TRY, user, password))
        return refuse(door, "password");
    return admit(door);
}

/* Called twice for a key: would it do, and then with the signature checked by libssh. Any key would
 * do: so nobody learns whose it is, and one that a first login is to enrol has been proved. */
static int on_key(ssh_session session SND_UNUSED, const char *user, struct ssh_key_struct *key,
                  char state, void *userdata)
{
    struct door *door = userdata;
    char text[CTL_KEY];
    if (door->stage != DOOR_LOGIN || door->over)
        return SSH_AUTH_DENIED;
    if (!ctl_name_ok(user))
        return refuse(door, "name");
    if (plainkey_text(key, text))
        return refuse(door, "key_kind");
    if (state == SSH_PUBLICKEY_STATE_NONE)
        return SSH_AUTH_SUCCESS;
    if (state != SSH_PUBLICKEY_STATE_VALID || ask(door, CTL_KEY_PROVEN, user, text))
        return refuse(door, "key");
    return admit(door);
}

void doorlogin_set(struct door *door)
{
    struct ssh_server_callbacks_struct *calls = &door->server_calls;
    calls->userdata = door;
    calls->auth_password_function = on_password;
    calls->auth_pubkey_function = on_key;
    calls->channel_open_request_session_function = dooropen_channel;
    ssh_callbacks_init(calls);
    ssh_set_server_callbacks(door->session, calls);
    ssh_set_auth_methods(door->session, SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_PUBLICKEY);
}
