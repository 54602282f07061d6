#!/bin/bash
# survive.sh BUILD_DIR: people chat under a real systemd while the daemon is restarted, replaced, killed
# and hung. Each of them must hear exactly what the others say, and nothing else; lines that are half
# typed stay; only a stop is told to anybody. Exit status 77: cannot be tried here.
set -euo pipefail
. "$(dirname "$0")/../support/unit.sh"

# ---- people: ann has nc, tom has telnet, eve an IRC client ----

declare -A mark=() # lines that each had heard when the listening began

enter_by_telnet() {
    local name=$1 pipe
    mkfifo "$people/$name.in"
    telnet -E 127.0.0.1 7777 <"$people/$name.in" >"$people/$name.out" 2>&1 &
    exec {pipe}>"$people/$name.in"
    pipe_of[$name]=$pipe
}

# type_in NAME BYTES: no newline.
type_in() {
    printf '%s' "$2" >&"${pipe_of[$1]}"
}

# From now on each byte that NAME hears is counted.
listen() {
    mark[$1]=$(wc -l <"$people/$1.out")
    : >"$people/$1.want"
}

# What NAME has heard since, without CR and without the time of day.
heard() {
    tail -n +$((mark[$1] + 1)) "$people/$1.out" | tr -d '\r' | sed 's/^[0-9][0-9]:[0-9][0-9] //'
}

heard_what_is_wanted() {
    [ "$(heard "$1")" = "$(cat "$people/$1.want")" ]
}

# ann_says WHAT-IS-TYPED WHAT-IS-HEARD: and how the other two hear it.
ann_says() {
    say ann "$1"
    echo "<ann> $2" >>"$people/tom.want"
    echo ":ann!guest@127.0.0.1 PRIVMSG #lobby :$2" >>"$people/eve.want"
}

tom_says() {
    say tom "$1"
    echo "<tom> $2" >>"$people/ann.want"
    echo ":tom!guest@127.0.0.1 PRIVMSG #lobby :$2" >>"$people/eve.want"
}

eve_says() {
    say eve "$1"$'\r'
    echo "<eve> $2" >>"$people/ann.want"
    echo "<eve> $2" >>"$people/tom.want"
}

everyone_has_heard_exactly_that() {
    local name
    for name in ann tom eve; do
        until_true heard_what_is_wanted $name || {
            diff <(heard $name) "$people/$name.want" >&2
            fail "$name did not hear what was said ($1)"
        }
    done
}

# ---- what happens to the daemon ----

main_pid() {
    systemctl show -P MainPID $unit
}

is_another_process() {
    local pid
    pid=$(main_pid)
    [ "$pid" != 0 ] && [ "$pid" != "$1" ] && state_is active/running
}

# survive NAME COMMAND...: lines are half typed, it happens, they are finished. Then each says
# something, one after the other.
survive() {
    local name=$1
    type_in ann "ann was in the mid"
    type_in tom "tom was in the mid"
    type_in eve "PRIVMSG #lobby :eve was in the mid"
    "${@:2}"
    ann_says "dle ($name)" "ann was in the middle ($name)"
    everyone_has_heard_exactly_that "$name: ann"
    tom_says "dle ($name)" "tom was in the middle ($name)"
    everyone_has_heard_exactly_that "$name: tom"
    eve_says "dle ($name)" "eve was in the middle ($name)"
    everyone_has_heard_exactly_that "$name: eve"
    eve_says 'PRIVMSG #lobby :is everybody here?' 'is everybody here?'
    everyone_has_heard_exactly_that "$name: eve once more"
    ann_says 'I am' 'I am'
    everyone_has_heard_exactly_that "$name: once more"
}

# The new process tells the journal and the status how many it took up, and why.
return_is_told() {
    journal_has "3 connections were kept over a pause of [0-9]* ms; the previous run ended by $1" \
        "_PID=$(main_pid)"
}

# replaced REASON COMMAND...: another process serves afterwards.
replaced() {
    local before
    before=$(main_pid)
    "${@:2}"
    until_true is_another_process "$before" || fail "no other process serves: ${*:2}"
    until_true return_is_told "$1" || fail "the return is not told in the journal"
    until_true status_has "3 connections were kept" || fail "the return is not told in the status"
}

# unmoved COMMAND...: the same process serves afterwards.
unmoved() {
    local before
    before=$(main_pid)
    "$@"
    until_true state_is active/running || fail "it does not run: $*"
    [ "$(main_pid)" = "$before" ] || fail "another process serves: $*"
}

# A package's upgrade renames the new file over the old one.
replace_binary_and_restart() {
    local daemon
    daemon=$(systemctl show -P ExecStart $unit | sed -n 's/.*path=\([^ ;]*\).*/\1/p')
    cp "$daemon" "$daemon.new"
    printf 'another build' >>"$daemon.new"
    mv "$daemon.new" "$daemon"
    systemctl restart $unit
}

kill_daemon() {
    kill "-$1" "$(main_pid)"
}

# ---- what must be true, in this order ----

three_people_meet() {
    local drop_in=/run/systemd/system/$unit.d
    mkdir -p "$drop_in"
    printf '[Service]\nWatchdogSec=1s\n' >"$drop_in/watchdog.conf"
    systemctl daemon-reload
    configure 'rooms: { history_on_join = 0; };'
    systemctl start partylined.socket partylined-irc.socket
    arrive ann
    say ann '/nick ann'
    hears ann 'now known as ann'
    enter_by_telnet tom
    hears tom 'welcome'
    say tom '/nick tom'
    hears tom 'now known as tom'
    enter eve 6667
    printf 'NICK eve\r\nUSER eve 0 * :Eve\r\nJOIN #lobby\r\n' >&"${pipe_of[eve]}"
    hears eve ' 366 '
    hears tom 'eve has joined'
    hears ann 'eve has joined'
    listen ann
    listen tom
    listen eve
    survive "nothing yet" true
}

they_survive_a_restart() {
    survive restart replaced success/exited/0 systemctl restart $unit
}

they_survive_another_binary() {
    survive upgrade replaced success/exited/0 replace_binary_and_restart
}

they_survive_a_kill() {
    survive kill replaced signal/killed/KILL kill_daemon KILL
}

they_survive_a_crash() {
    survive crash replaced '\(signal/killed\|core-dump/dumped\)/SEGV' kill_daemon SEGV
}

they_survive_a_hang() {
    survive hang replaced 'watchdog/\(killed\|dumped\)/ABRT' kill_daemon STOP
}

they_survive_a_termination() {
    survive termination replaced success/exited/0 kill_daemon TERM
}

they_survive_a_reload() {
    survive reload unmoved systemctl reload $unit
}

they_survive_another_systemd() {
    survive daemon-reload unmoved systemctl daemon-reload
    survive daemon-reexec unmoved systemctl daemon-reexec
    survive "a kill behind it" replaced signal/killed/KILL kill_daemon KILL
}

they_survive_ten_kills_in_a_row() {
    local i
    for i in {1..10}; do
        survive "kill $i" replaced signal/killed/KILL kill_daemon KILL
    done
}

# The pipe stays open; it is the daemon that closes.
tom_leaves_and_is_let_go() {
    say tom '/quit I am tired'
    echo "-- tom has quit (I am tired)" >>"$people/ann.want"
    echo ":tom!guest@127.0.0.1 QUIT :I am tired" >>"$people/eve.want"
    until_true heard_what_is_wanted ann || fail "ann does not hear that tom leaves"
    until_true heard_what_is_wanted eve || fail "eve does not hear that tom leaves"
    hears tom 'goodbye'
    until_true grep -q 'closed by foreign host' "$people/tom.out" || fail "tom is not let go"
}

stopping_says_goodbye_in_words() {
    systemctl -q stop $unit
    hears ann 'goodbye'
    hears eve 'ERROR :'
    until_true nobody_is_connected_to 7777 || fail "the connections do not end"
    until_true nobody_is_connected_to 6667 || fail "the connections of IRC do not end"
    [ "$(systemctl show -P Result $unit)" = success ] || fail "it does not stop in time"
    [ "$(systemctl show -P WatchdogUSec $unit)" = 0 ] || fail "the watchdog waits for the disk too"
    [ "$(systemctl show -P NFileDescriptorStore $unit)" = 0 ] || fail "something is still stored"
}

unit_test "$@" -- \
    three_people_meet \
    they_survive_a_restart \
    they_survive_another_binary \
    they_survive_a_kill \
    they_survive_a_crash \
    they_survive_a_hang \
    they_survive_a_termination \
    they_survive_a_reload \
    they_survive_another_systemd \
    they_survive_ten_kills_in_a_row \
    tom_leaves_and_is_let_go \
    stopping_says_goodbye_in_words
