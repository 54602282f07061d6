# shellcheck shell=bash
# Sourced by ./run and ./check: installs Debian packages, but only those that are missing. Packages
# that bring a daemon do not start it.

packages_as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# packages_missing NAME...: those that are not installed, one a line.
packages_missing() {
    local name
    for name; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
            echo "$name"
    done
}

# The Debian way to keep maintainers' scripts from starting services: policy-rc.d, exit status 101.
# One that the administrator has put there is left alone.
packages_apt_install() {
    local policy=/usr/sbin/policy-rc.d made='' status=0
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' | packages_as_root tee $policy >/dev/null
        packages_as_root chmod 755 $policy
        made=1
    fi
    packages_as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null || status=$?
    [ -z "$made" ] || packages_as_root rm -f $policy
    return $status
}

packages_install() {
    local missing
    mapfile -t missing < <(packages_missing "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "installing: ${missing[*]}" >&2
    packages_as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    packages_apt_install "${missing[@]}"
    case " ${missing[*]} " in
    *" ngircd "*) packages_as_root systemctl disable -q ngircd.service || true ;; # not at boot, either
    esac
}
