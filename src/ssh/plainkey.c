/* SPDX-License-Identifier: Apache-2.0
 * libssh says "valid" of a certificate that anybody signed and that ran out years ago: it checks
 * only that the client holds the private key. So nothing but plain keys leaves this file, told by
 * libssh's kind and by the blob itself, and they are compared as text with what the ledger knows.
 */
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "ssh/ssh_priv.h"

static const struct {
    enum ssh_keytypes_e type;
    const char *name;
    const char *begins;
} plain[] = {
#define KEY_TYPE(type, name, begins) {type, name, begins},
#include "ssh/keytypes.def"
#undef KEY_TYPE
};

int plainkey_text(ssh_key key, char *out)
{
    char *base64 = NULL;
    int err = SND_E_BAD;
    for (size_t i = 0; i < SND_COUNT(plain); i++) {
        if (ssh_key_type(key) != plain[i].type)
            continue;
        if (ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK)
            break;
        if (strncmp(base64, plain[i].begins, strlen(plain[i].begins)) == 0)
            err = str_format(out, CTL_KEY, "%s %s", plain[i].name, base64);
        break;
    }
    ssh_string_free_char(base64);
    return err ? SND_E_BAD : 0;
}
