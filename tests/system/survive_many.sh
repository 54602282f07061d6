#!/bin/bash
# SPDX-License-Identifier: MIT
# survive_many.sh BUILD_DIR: 9,500 people and `kill -9` under a real systemd (crowd.py says what must
# be true). Exit status 77: cannot be tried here.
set -euo pipefail
build=$(readlink -f "$1")
here=$(readlink -f "$(dirname "$0")")
people=9500 # each is a descriptor in flight: their number stays below half of the limit of 20,000

if [ "$(id -u)" != 0 ]; then
    echo "skipped: a real systemd needs root"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DESTDIR=$work/stage cmake --install "$build" >"$work/install.log"
config=$(find "$work/stage" -name partylined.conf)
cat >"$config" <<'END'
limits: { connections = 12000; connections_per_address = 0; };
rooms: { history_on_join = 0; };
log: { level = "warning"; };
END
"$here/../support/boot-systemd.sh" -d "$work/stage" -w "$work" -w "$here" -t 100 -- bash -c '
    set -e
    daemon=$(systemctl show -P ExecStart partylined.service | sed -n "s/.*path=\([^ ;]*\).*/\1/p")
    if ldd "$daemon" | grep libasan >/dev/null; then
        mkdir -p /run/systemd/system/partylined.service.d
        printf "[Service]\nEnvironment=ASAN_OPTIONS=detect_leaks=0\n" \
            >/run/systemd/system/partylined.service.d/sanitized.conf
        systemctl daemon-reload
    fi
    systemctl start partylined.socket
    python3 -B "$1/crowd.py" "$2" "$3/trace" || {
        journalctl --no-pager -u partylined | tail -n 30 >&2
        exit 1
    }' sh "$here" "$people" "$work"
