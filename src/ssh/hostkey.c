/* SPDX-License-Identifier: Apache-2.0
 * The host key and the algorithms that are offered. The list is short on purpose: what ssh-audit
 * finds no fault with and every client of the last ten years knows one of. Each login carries it
 * whole, a tenth of a second for 120 bytes of a line at 9600 bit/s. No configuration file of libssh
 * is ever read. */
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "ssh/gate.h"
#include "ssh/ssh_priv.h"

#define KEX "curve25519-sha256,curve25519-sha256@libssh.org,diffie-hellman-group16-sha512"
#define CIPHERS "chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-ctr"
#define MACS "hmac-sha2-256-etm@openssh.com"
#define USER_KEYS                                                                                  \
    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,"        \
    "rsa-sha2-256"
#define RSA_BITS_LEAST 2048

static const struct {
    enum ssh_bind_options_e option;
    const char *value;
} algorithms[] = {
    {SSH_BIND_OPTIONS_KEY_EXCHANGE, KEX},
    {SSH_BIND_OPTIONS_CIPHERS_C_S, CIPHERS},
    {SSH_BIND_OPTIONS_CIPHERS_S_C, CIPHERS},
    {SSH_BIND_OPTIONS_HMAC_C_S, MACS},
    {SSH_BIND_OPTIONS_HMAC_S_C, MACS},
    {SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-ed25519"},
    {SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, USER_KEYS},
};

int hostkey_load(const char *path, ssh_key *out)
{
    if (access(path, R_OK))
        return SND_E_NOTFOUND;
    if (ssh_pki_import_privkey_file(path, NULL, NULL, NULL, out) != SSH_OK)
        return SND_E_BAD;
    if (ssh_key_type(*out) == SSH_KEYTYPE_ED25519)
        return 0;
    ssh_key_free(*out);
    *out = NULL;
    return SND_E_BAD;
}

int hostkey_bind(ssh_key key, ssh_bind *out)
{
    int none = 0, bits = RSA_BITS_LEAST;
    ssh_bind bind = ssh_bind_new();
    if (!bind)
        return SND_E_SYS;
    int bad = ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &none) != SSH_OK ||
              ssh_bind_options_set(bind, SSH_BIND_OPTIONS_RSA_MIN_SIZE, &bits) != SSH_OK;
    for (size_t i = 0; i < SND_COUNT(algorithms) && !bad; i++)
        bad = ssh_bind_options_set(bind, algorithms[i].option, algorithms[i].value) != SSH_OK;
    if (!bad)
        bad = ssh_bind_options_set(bind, SSH_BIND_OPTIONS_IMPORT_KEY, key) != SSH_OK;
    if (bad) {
        ssh_bind_free(bind);
        return SND_E_SYS;
    }
    *out = bind;
    return 0;
}

int gate_make_key(const char *path)
{
    ssh_key key = NULL;
    char *text = NULL;
    int err = SND_E_SYS;
    if (access(path, F_OK) == 0)
        return 0;
    if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK ||
        ssh_pki_export_privkey_base64(key, NULL, NULL, NULL, &text) != SSH_OK)
        goto out;
    err = proc_write_file(path, text, strlen(text), 0600);
out:
    if (text)
        mem_wipe(text, strlen(text));
    ssh_string_free_char(text);
    ssh_key_free(key);
    return err;
}

int gate_fingerprint(const char *path, char out[64])
{
    ssh_key key = NULL;
    unsigned char *hash = NULL;
    size_t len = 0;
    int err = hostkey_load(path, &key);
    if (err)
        return err;
    if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len) != 0) {
        ssh_key_free(key);
        return SND_E_SYS;
    }
    char *text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
    err = text ? str_copy(out, 64, text) : SND_E_SYS;
    ssh_string_free_char(text);
    ssh_clean_pubkey_hash(&hash);
    ssh_key_free(key);
    return err;
}

const char *gate_library(void)
{
    return ssh_version(0);
}

int gate_library_fits(void)
{
    return ssh_version(SSH_VERSION_INT(0, 10, 6)) != NULL;
}
