# SPDX-License-Identifier: Apache-2.0
# Certificates that libssh itself would let in, and names that are none.
. "${SND_SRCDIR:-.}/tests/lib.sh"

# by_certificate FILE KEY: a login with nothing but that certificate. Must fail.
by_certificate() {
    timeout 60 ssh -F none -p "$port" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none \
        -o UserKnownHostsFile="$work/known_hosts" -o "PubkeyAcceptedAlgorithms=*cert*" \
        -o CertificateFile="$1" -i "$2" clerk@127.0.0.1 true >"$work/cert.out" 2>&1
    [ $? = 255 ] && grep -q 'Permission denied' "$work/cert.out"
}

certificates_refused() {
    keys=$work/keys
    ssh-keygen -q -t ed25519 -N '' -f "$keys/ca" || return 1
    ssh-keygen -q -t ed25519 -N '' -f "$keys/stranger" || return 1
    # A stranger's key and the clerk's own, signed for the clerk by an authority that nobody named.
    ssh-keygen -q -s "$keys/ca" -I forged -n clerk "$keys/stranger.pub" || return 1
    cp "$keys/clerk" "$keys/own" && cp "$keys/clerk.pub" "$keys/own.pub"
    ssh-keygen -q -s "$keys/ca" -I expired -n clerk -V 20200101:20200102 "$keys/own.pub" || return 1
    by_certificate "$keys/stranger-cert.pub" "$keys/stranger" &&
        by_certificate "$keys/own-cert.pub" "$keys/own"
}

plain_key_works() {
    timeout 60 sh -c "$(ssh_line clerk -o BatchMode=yes) true" 2>&1 | grep -q 'runs no commands'
}

log_clean() {
    if LC_ALL=C grep -n '[^ -~]' "$work/server.log"; then
        note "there are control bytes in the log"
        return 1
    fi
    ! grep -E 'owned|1=1|passwd|reboot|aaaaaaaa|CLERK' "$work/server.log"
}

names_refused() {
    timeout 60 "$SND_BUILDDIR/tests/e2e/names" "$port" "$password" >"$work/names.out" 2>&1
    status=$?
    sed 's/^/# /' "$work/names.out"
    [ $status = 0 ] && [ "$(grep -c '^refused' "$work/names.out")" = 12 ] &&
        [ "$(grep -c 'door.refused .* why=name' "$work/server.log")" = 12 ] && log_clean
}

office_make
office_start || exit 1
ok "the clerk's plain key is let in" plain_key_works
ok "forged and expired certificate refused" certificates_refused
ok "twelve hostile user names refused, log clean" names_refused
ok "the clerk's plain key is still let in" plain_key_works
done_testing
