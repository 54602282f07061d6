# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by tests of the installed unit under a real systemd (boot-systemd.sh). They are run as
# TEST.sh BUILD_DIR; what follows `unit_test NAME...` is done inside. People are programs on the
# loopback of a network of its own. Exit status 77: cannot be tried here.

unit=partylined.service
support=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")")

fail() {
    echo "FAILED: $*" >&2
    journalctl --no-pager -o short-monotonic -u $unit -u 'partylined*.socket' 2>/dev/null |
        tail -n 60 >&2
    systemctl --no-pager status $unit >&2 || true
    for file in "$people"/*.out; do
        echo "-- $file" >&2
        cat "$file" >&2
    done
    exit 1
}

# until_true COMMAND...: waits up to ten seconds for what another process is about to do.
until_true() {
    for _ in {1..200}; do
        if "$@"; then
            return 0
        fi
        sleep 0.05
    done
    return 1
}

# ---- people: NAME.in is a pipe to an nc, NAME.out is what it has heard ----

enter() {
    local name=$1 pipe
    mkfifo "$people/$name.in"
    nc 127.0.0.1 "${2:-7777}" <"$people/$name.in" >"$people/$name.out" &
    exec {pipe}>"$people/$name.in"
    pipe_of[$name]=$pipe
}

say() {
    printf '%s\n' "$2" >&"${pipe_of[$1]}"
}

hears() {
    until_true grep -q -- "$2" "$people/$1.out" || fail "$1 does not hear \"$2\""
}

# Is in the room, since the greeting is there.
arrive() {
    enter "$1"
    hears "$1" .
}

# ---- what is asked of systemd and the kernel ----

# (grep -q would end early and make journalctl, and with pipefail the test, fail.)
journal_has() {
    journalctl --no-pager -u $unit -o export "${@:2}" | grep -a -- "$1" >/dev/null
}

state_is() {
    [ "$(systemctl show -P ActiveState $unit)/$(systemctl show -P SubState $unit)" = "$1" ]
}

status_has() {
    systemctl show -P StatusText $unit | grep -- "$1" >/dev/null
}

queue_of() {
    ss -Hltn "sport = :$1" | awk '{ n += $2 } END { print n + 0 }'
}

nobody_is_connected_to() {
    [ -z "$(ss -Htn state established "sport = :$1")" ]
}

waiting_are() {
    [ "$(queue_of 7777)" = "$1" ]
}

configure() {
    printf '%s\n' "$1" >"$config"
}

# The sanitizers look for leaks with ptrace, which the unit forbids; all else is as installed.
prepare_sanitized_build() {
    local daemon
    daemon=$(systemctl show -P ExecStart $unit | sed -n 's/.*path=\([^ ;]*\).*/\1/p')
    if ldd "$daemon" | grep libasan >/dev/null; then
        mkdir -p /run/systemd/system/$unit.d
        printf '[Service]\nEnvironment=ASAN_OPTIONS=detect_leaks=0:handle_segv=0\n' \
            >/run/systemd/system/$unit.d/sanitized.conf
        systemctl daemon-reload
    fi
}

# unit_inside CONFIG STEP...: each step is a function whose name says what must be true.
unit_inside() {
    local step
    declare -gA pipe_of
    people=$(mktemp -d)
    config=$1
    configure ''
    prepare_sanitized_build
    for step in "${@:2}"; do
        $step
        echo "ok: ${step//_/ }"
    done
}

unit_outside() {
    local status=0 config build=$1
    if [ "$(id -u)" != 0 ] || ! unshare --mount --net true 2>/dev/null; then
        echo "skipped: booting a systemd needs root, with the right to make namespaces"
        exit 77
    fi
    if [ ! -x "$build/partylined" ]; then
        echo "skipped: there is no partylined in $build; ./check builds it"
        exit 77
    fi
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    DESTDIR=$stage cmake --install "$build" >/dev/null
    config=$(cd "$stage" && find . -path '*/partylined/partylined.conf')
    "$support/boot-systemd.sh" -d "$stage" -t 100 -- \
        "$(readlink -f "$0")" "$build" inside "${config#.}" || status=$?
    exit $status
}

# unit_test BUILD_DIR [inside CONFIG] -- STEP...
unit_test() {
    local build
    build=$(readlink -f "$1")
    if [ "$2" = inside ]; then
        unit_inside "$3" "${@:5}"
    else
        unit_outside "$build"
    fi
}
