#!/bin/bash
# systemd.sh BUILD_DIR: the installed daemon under a real systemd. People are nc's on the loopback of
# a network of its own. Exit status 77: cannot be tried here.
set -euo pipefail
. "$(dirname "$0")/../support/unit.sh"

# ---- what must be true, in this order ----

the_sockets_start_without_the_daemon() {
    systemctl start partylined.socket partylined-irc.socket
    state_is inactive/dead || fail "the daemon runs before anyone has come"
}

the_first_connection_starts_it_and_two_can_talk() {
    arrive ann
    arrive bob
    say ann '/nick ann'
    hears ann ann
    say bob 'hello from bob'
    hears ann 'hello from bob'
    say ann 'hello from ann'
    hears bob 'hello from ann'
    state_is active/running || fail "it is not active"
}

the_irc_socket_is_served_as_irc() {
    enter eve 6667
    printf 'NICK eve\r\nUSER eve 0 * :Eve\r\n' >&"${pipe_of[eve]}"
    hears eve ' 001 eve '
    printf 'QUIT :bye\r\n' >&"${pipe_of[eve]}"
    until_true nobody_is_connected_to 6667 || fail "eve is not let go"
}

the_status_says_who_is_connected() {
    until_true status_has 2 || fail "the status does not count two: $(systemctl show -P StatusText $unit)"
}

reports_carry_fields() {
    until_true journal_has '^NICK' || fail "no report has NICK="
    until_true journal_has '^PEER' || fail "no report has PEER="
    journal_has '^SYSLOG_IDENTIFIER' || fail "no report has SYSLOG_IDENTIFIER="
}

a_reload_is_done_when_systemctl_returns() {
    local i motd=${config%/*}/motd
    echo 'the greeting of today' >"$motd"
    configure "server: { motd_file = \"$motd\"; };"
    systemctl reload $unit || fail "the reload fails"
    enter cat
    hears cat 'the greeting of today'
    for i in {1..10}; do
        echo "greeting number $i." >"$motd"
        systemctl reload $unit
        state_is active/running || fail "reload $i has not ended when systemctl returns"
    done
    enter dan
    hears dan 'greeting number 10.'
}

a_bad_file_changes_nothing_and_is_reported() {
    configure 'limits: { conections = 5; };'
    ! systemctl reload $unit 2>/dev/null || fail "a reload with a bad file succeeds"
    state_is active/running || fail "it is not active after a bad file"
    systemctl kill -s HUP --kill-who=main $unit # past the check that the unit does first
    until_true reason_is_reported_by_the_daemon || fail "the reason is not reported"
    say ann 'still here'
    hears bob 'still here'
    enter fay
    hears fay 'greeting number 10.'
    configure ''
}

reason_is_reported_by_the_daemon() {
    journal_has 'did you mean "limits.connections"' "_PID=$(systemctl show -P MainPID $unit)"
}

stopping_says_goodbye() {
    local before
    before=$(wc -l <"$people/ann.out")
    systemctl -q stop $unit
    until_true nobody_is_connected_to 7777 || fail "the connections do not end"
    [ "$(wc -l <"$people/ann.out")" -gt "$before" ] || fail "nothing is said when it stops"
    [ "$(systemctl show -P Result $unit)" = success ] || fail "it does not stop in time"
}

who_comes_while_it_is_held_back_waits_and_is_served() {
    local drop_in=/run/systemd/system/$unit.d/held-back.conf
    mkdir -p "${drop_in%/*}"
    printf '[Service]\nExecStartPre=sh -c "while [ ! -e /run/go ]; do sleep 0.05; done"\n' >"$drop_in"
    systemctl daemon-reload
    enter gus
    say gus 'I came early'
    enter hal
    until_true waiting_are 2 || fail "the connections do not wait in the queue: $(queue_of 7777)"
    state_is activating/start-pre || fail "it is not being started"
    touch /run/go
    hears hal 'I came early'
    until_true waiting_are 0 || fail "the queue is not emptied"
    rm "$drop_in"
    systemctl daemon-reload
}

a_restart_serves_at_once() {
    systemctl restart $unit
    arrive ida
    arrive joe
    say ida 'after the restart'
    hears joe 'after the restart'
}

unit_test "$@" -- \
    the_sockets_start_without_the_daemon \
    the_first_connection_starts_it_and_two_can_talk \
    the_irc_socket_is_served_as_irc \
    the_status_says_who_is_connected \
    reports_carry_fields \
    a_reload_is_done_when_systemctl_returns \
    a_bad_file_changes_nothing_and_is_reported \
    stopping_says_goodbye \
    who_comes_while_it_is_held_back_waits_and_is_served \
    a_restart_serves_at_once
