#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Every function that cmake/order.ld names exists, and is named once: a misspelt name, or one of a function
# that is no more, would be passed over in silence. Needs no build. One argument: the root of the tree.
import pathlib
import re
import sys

NAMED = re.compile(r"\*\(\.text\.(\w+) \.text\.(\w+)\.\*\)")
DEFINED = re.compile(r"^(?:[\w*]+\s+)+\**(\w+)\([^;]*$", re.MULTILINE)


def defined_in(root):
    """Names of what looks like a function's definition, in daemon/ and lib/."""
    names = set()
    for folder in ("daemon", "lib"):
        for path in (root / folder).rglob("*.[ch]"):
            names.update(DEFINED.findall(path.read_text()))
    return names


def main():
    root = pathlib.Path(sys.argv[1])
    script = (root / "cmake/order.ld").read_text()
    named = NAMED.findall(script)
    known = defined_in(root)
    wrong = [f"{a}: named as {b} too" for a, b in named if a != b]
    wrong += [f"{a}: there is no such function" for a, _ in named if a not in known]
    wrong += [f"{a}: named twice" for a in {a for a, _ in named}
              if [b for b, _ in named].count(a) > 1]
    if len(named) < script.count("*(.text.") - 1:  # but for main(), of .text.startup
        wrong.append("a line is of another form")
    for line in wrong:
        print(f"cmake/order.ld: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
