# SPDX-License-Identifier: Apache-2.0
# What ssh-audit has to say, less what is the tool's own mistake.
. "${SND_SRCDIR:-.}/tests/lib.sh"
command -v ssh-audit >/dev/null || skip_all "ssh-audit is not installed"

# Each line: a pattern, and why it is no finding.
#  kex-strict   the mark of strict key exchange, a countermeasure; ssh-audit 2.5 doesn't know it
#  CVE-2016-0739 told from the version number alone, by comparing 0.10 as if it were less than 0.7
#  group16/18   ssh-audit 2.5 knows no OpenSSH of today; only its remarks on age, [info], mention them
explained='kex-strict|CVE-2016-0739'

audit() {
    ssh-audit -n -p "$port" 127.0.0.1 >"$work/audit.out" 2>&1
    grep -q 'curve25519-sha256' "$work/audit.out" || {
        sed 's/^/# /' "$work/audit.out"
        return 1
    }
    grep -E '\[(fail|warn)\]|CVE-' "$work/audit.out" | grep -Ev "$explained" >"$work/findings"
    sed 's/^/# /' "$work/findings"
    [ ! -s "$work/findings" ]
}

office_make
office_start || exit 1
ok "ssh-audit clean" audit
done_testing
