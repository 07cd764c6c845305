# SPDX-License-Identifier: Apache-2.0
# Sourced by tools/start, tools/check and tools/bench, with `top` set to the source folder: installs
# what is missing, and builds. Says what it does; says nothing when there is nothing to do.

# The oldest revision of Debian's libssh with every known hole closed. pkg-config can't see it.
LIBSSH_LEAST=0.10.6-0+deb12u3

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "run this as root, or install sudo: $*"
    fi
}

# need_packages USE...: installs the packages of these uses that are missing.
need_packages() {
    wanted=
    for use in "$@"; do
        wanted="$wanted $(sed -n "s/^$use //p" "$top/tools/packages")"
    done
    missing=
    for package in $wanted; do
        case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null) in
            ii*) ;;
            *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    say "Installing Debian packages:$missing"
    as_root apt-get -qq update || die "apt-get update failed; is the network there?"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        $missing >/dev/null || die "apt-get could not install:$missing"
}

check_libssh() {
    have=$(dpkg-query -W -f='${Version}' libssh-4 2>/dev/null) || die "libssh-4 is not installed."
    dpkg --compare-versions "$have" ge "$LIBSSH_LEAST" ||
        die "libssh-4 is $have, which has known security holes; Sanad needs $LIBSSH_LEAST or newer: apt-get update && apt-get install libssh-4 libssh-dev (from bookworm-security)."
}

# As root every process of an office runs as a user of its own.
service_users() {
    [ "$(id -u)" = 0 ] || return 0
    for user in sanad-ledger sanad-door sanad-desk sanad-hub sanad-sync sanad-courier; do
        if ! id "$user" >/dev/null 2>&1; then
            say "Making the service user $user"
            useradd --system --user-group --no-create-home --home-dir /nonexistent \
                --shell /usr/sbin/nologin "$user" || die "the user $user could not be made."
        fi
    done
}

check_debian() {
    command -v dpkg-query >/dev/null 2>&1 || die "this needs Debian 12: dpkg was not found."
}

cores() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1; }

# quietly LOG COMMAND...: shows the end of the log only when the command fails.
quietly() {
    log=$1
    shift
    "$@" >>"$log" 2>&1 && return 0
    tail -n 30 "$log" >&2
    return 1
}

# build_in DIR CONFIGURE-OPTIONS...: an out-of-tree build, configured when it wasn't or when the
# options are others.
build_in() {
    where=$1
    shift
    mkdir -p "$where" || die "$where can't be made."
    : >"$where/setup.log"
    if [ ! -x "$top/configure" ] || [ ! -f "$top/Makefile.in" ]; then
        say "Making configure"
        (cd "$top" && quietly "$where/setup.log" autoreconf -fi) || return 1
    fi
    if [ ! -f "$where/config.status" ] || [ "$(cat "$where/options" 2>/dev/null)" != "$*" ]; then
        say "Configuring $where"
        (cd "$where" && quietly "$where/setup.log" "$top/configure" -q "$@") || return 1
        # What was compiled with other options knows other folders.
        quietly "$where/setup.log" make -s -C "$where" clean || return 1
        printf '%s\n' "$*" >"$where/options"
    fi
    if [ ! -x "$where/sanad" ] || [ -n "$(find "$top/src" -newer "$where/sanad" | head -n 1)" ]; then
        say "Building in $where"
    fi
    quietly "$where/setup.log" make -s -C "$where" -j"$(cores)" || return 1
}
