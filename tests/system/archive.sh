#!/bin/bash
# SPDX-License-Identifier: MIT
# archive.sh BUILD_DIR: what people say under a real systemd is in the archive once each, in order,
# while the daemon is killed again and again; it outlasts a stop, and a disk that is full is told and
# holds nobody up. Exit status 77: cannot be tried here.
set -euo pipefail
. "$(dirname "$0")/../support/unit.sh"

state=/var/lib/partylined # a link to the private place, for root
said=0

partylined() {
    local daemon
    daemon=$(systemctl show -P ExecStart $unit | sed -n 's/.*path=\([^ ;]*\).*/\1/p')
    ASAN_OPTIONS=detect_leaks=0 STATE_DIRECTORY=$state "$daemon" -c "$config" "$@"
}

# speak N: ann says the next N numbers, and tom hears the last of them.
speak() {
    local i
    for ((i = 0; i < $1; i++)); do
        said=$((said + 1))
        say ann "number $said"
    done
    hears tom "number $said\b"
}

# The numbers that the archive has, in its order.
archived() {
    partylined --export '#lobby' | sed -n 's/.*<[^>]*> number \([0-9]*\)$/\1/p'
}

all_are_archived() {
    [ "$(archived)" = "$(seq "$said")" ]
}

kill_daemon() {
    local before
    before=$(systemctl show -P MainPID $unit)
    kill -KILL "$before"
    until_true daemon_is_not "$before" || fail "no other process serves"
}

daemon_is_not() {
    local pid
    pid=$(systemctl show -P MainPID $unit)
    [ "$pid" != 0 ] && [ "$pid" != "$1" ] && state_is active/running
}

# ---- what must be true, in this order ----

what_is_said_is_archived() {
    configure 'limits: { lines_per_second = 0; };'
    systemctl -q start partylined.socket
    arrive ann
    arrive tom
    speak 20
    until_true all_are_archived || fail "the archive has not what was said"
}

no_kill_makes_a_gap_or_a_repetition() {
    local i
    for ((i = 0; i < 8; i++)); do
        speak 25
        kill_daemon
    done
    speak 5
    until_true all_are_archived || {
        diff <(archived) <(seq "$said") >&2
        fail "the archive is not what was said"
    }
}

# A new region after a stop counts on: the numbers grow over it.
it_outlasts_a_stop() {
    systemctl -q stop $unit
    until_true state_is inactive/dead || fail "it does not stop"
    all_are_archived || fail "a stop lost something"
    people=$(mktemp -d)
    arrive ann
    arrive tom
    speak 10
    until_true all_are_archived || fail "nothing is archived after a stop"
    partylined --export '#lobby' --json | python3 -c '
import json, sys
numbers = [json.loads(line)["number"] for line in sys.stdin]
assert numbers == sorted(set(numbers)), "the numbers do not grow"' || fail "numbers were used twice"
}

# The state directory becomes a small disk that something else has filled.
fill_the_disk() {
    until_true all_are_archived || fail "the archive lags"
    systemctl -q stop $unit
    until_true state_is inactive/dead || fail "it does not stop"
    mount -t tmpfs -o size=256k none /var/lib/private/partylined
    chown --reference=/var/lib/private /var/lib/private/partylined
    head -c 200k /dev/zero >/var/lib/private/partylined/filler 2>/dev/null || true
    people=$(mktemp -d)
    said=0
}

a_full_disk_is_told_and_holds_nobody_up() {
    fill_the_disk
    arrive ann
    arrive tom
    speak 300
    until_true status_has 'the archive fails' || fail "the status does not tell of a full disk"
    until_true journal_has 'the archive fails' || fail "the journal does not tell of a full disk"
    speak 300
    rm /var/lib/private/partylined/filler
    mount -o remount,size=64m /var/lib/private/partylined
    speak 1
    until_true all_are_archived || {
        diff <(archived) <(seq "$said") | head >&2
        fail "what was said meanwhile was lost, though the log had it"
    }
    until_true journal_has 'the archive works again' || fail "the journal does not tell of the end"
}

unit_test "$@" -- \
    what_is_said_is_archived \
    no_kill_makes_a_gap_or_a_repetition \
    it_outlasts_a_stop \
    a_full_disk_is_told_and_holds_nobody_up
