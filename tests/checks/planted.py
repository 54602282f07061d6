#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The checks themselves are checked: each kind of violation, planted alone in a small tree that is
# in order, must be found and named. No arguments.
import pathlib
import subprocess
import sys
import tempfile

CHECKS = pathlib.Path(__file__).resolve().parent
HEAD = "/* SPDX-License-Identifier: MIT */\n/* What it owns. */\n"
GOOD = {
    "lib/text.h": HEAD,
    "lib/text.c": HEAD + '#include "lib/text.h"\n#include <string.h>\n\nint f(int x)\n{\n}\n',
    "cmake/order.ld": "*(.text.startup.main)\n*(.text.f .text.f.*)\n",
    "daemon/main.c": HEAD + '#include "app/server.h"\n',
    "daemon/app/server.h": HEAD + '#include "front/line.h"\n#include "net/loop.h"\n',
    "daemon/front/line.h": HEAD + '#include "chat/hub.h"\n',
    "daemon/chat/hub.h": HEAD + '#include "state/log.h"\n#include "lib/text.h"\n',
    "daemon/store/archive.h": HEAD + '#include "state/log.h"\n',
    "daemon/state/log.h": HEAD + '#include "lib/text.h"\n',
    "daemon/net/loop.h": HEAD + '#include "lib/text.h"\n',
    "client/model.h": HEAD + '#include "lib/text.h"\n',
    "client/model.c": HEAD + '#include "model.h"\n',
    "tests/unit/test_text.c": HEAD + "static void f(void)\n{\n" + 58 * "    x();\n" + "}\n",
}


def include(path, name):
    return {path: GOOD.get(path, HEAD) + f'#include "{name}"\n'}


# Which check, what is planted, what it says about it.
PLANTED = [
    ("layers.py", include("daemon/chat/hub.h", "front/line.h"), "chat may not know front"),
    ("layers.py", include("daemon/chat/hub.h", "net/loop.h"), "chat may not know net"),
    ("layers.py", include("daemon/net/loop.h", "state/log.h"), "net may not know state"),
    ("layers.py", include("daemon/front/line.h", "app/server.h"), "front may not know app"),
    ("layers.py", include("daemon/state/log.h", "chat/hub.h"), "state may not know chat"),
    ("layers.py", include("daemon/store/archive.h", "chat/hub.h"), "store may not know chat"),
    ("layers.py", include("daemon/chat/hub.h", "store/archive.h"), "chat may not know store"),
    ("layers.py", include("lib/text.h", "state/log.h"), "lib may not know state"),
    ("layers.py", include("lib/text.c", "client/model.h"), "lib may not know client"),
    ("layers.py", include("client/model.c", "net/loop.h"), "client may not know net"),
    ("layers.py", include("daemon/main.c", "chat/hub.h"), "daemon may not know chat"),
    ("layers.py", include("daemon/chat/hub.h", "names.h"), "layer-qualified"),
    ("layers.py", include("daemon/new/thing.c", "lib/text.h"), "new/ is no layer"),
    ("layers.py", {**include("lib/a.h", "lib/b.h"), **include("lib/b.h", "lib/a.h")},
     "lib/a.h -> lib/b.h -> lib/a.h"),
    ("layers.py", {"client/model.c": HEAD + "#include <ncurses.h>\n"},
     "only client/screen.c may know it"),
    ("layers.py", {"client/link.c": HEAD + "#include <openssl/ssl.h>\n"},
     "only client/tls.c and client/tls_words.c may know it"),
    ("sizes.py", {"lib/long.c": HEAD + 399 * "\n"}, "lib/long.c: 401 lines"),
    ("sizes.py", {"tests/unit/test_text.c": HEAD + "int f(void)\n{\n" + 59 * "x();\n" + "}\n"},
     "f() has 61 lines"),
    ("sizes.py", {"lib/text.c": "/* What it owns. */\n"}, "does not begin with"),
    ("sizes.py", {"lib/text.c": "/* SPDX-License-Identifier: MIT */\nint x;\n"}, "no comment"),
    ("order.py", {"cmake/order.ld": "*(.text.startup.main)\n*(.text.g .text.g.*)\n"},
     "g: there is no such function"),
    ("order.py", {"cmake/order.ld": "*(.text.startup.main)\n*(.text.f .text.g.*)\n"},
     "f: named as g too"),
    ("order.py", {"cmake/order.ld": "*(.text.startup.main)\n" + 2 * "*(.text.f .text.f.*)\n"},
     "f: named twice"),
    ("order.py", {"cmake/order.ld": "*(.text.startup.main)\n*(.text.f)\n"},
     "a line is of another form"),
]


def run(check, planted):
    with tempfile.TemporaryDirectory() as root:
        for name, text in {**GOOD, **planted}.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return subprocess.run([sys.executable, CHECKS / check, root], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def main():
    failed = []
    for check in ("layers.py", "sizes.py", "order.py"):
        result = run(check, {})
        if result.returncode != 0:
            failed.append(f"{check} complains about a tree in order: {result.stdout}")
    for check, planted, words in PLANTED:
        result = run(check, planted)
        if result.returncode != 1 or words not in result.stdout:
            failed.append(f"{check} did not find {words!r}: {result.stdout}")
    print("\n".join(failed) if failed else f"{len(PLANTED)} planted violations were found")
    return 1 if failed else 0


sys.exit(main())
