#!/bin/bash
# SPDX-License-Identifier: MIT
# real_clients_survive.sh BUILD_DIR: real IRC clients under a real systemd, and `kill -9`
# (real_clients_survive.py says what must be true). Exit status 77: cannot be tried here.
set -euo pipefail
. "$(dirname "$0")/../support/unit.sh"

the_clients_of_people_survive_a_kill() {
    local status=0
    systemctl start partylined.socket partylined-irc.socket
    python3 -B "$(dirname "$0")/real_clients_survive.py" $unit || status=$?
    [ $status != 77 ] || exit 77
    [ $status = 0 ] || fail "see above"
}

unit_test "$@" -- the_clients_of_people_survive_a_kill
