#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# No file over 400 lines, no function over 60, and each source file opens with the licence and a
# comment that says what it owns. Functions are found by their braces: in
# clang-formatted code a body opens and closes in column 1. One argument: the root of the tree.
import pathlib
import re
import sys

FILE_MAX, FUNCTION_MAX = 400, 60
FOLDERS = ("daemon", "lib", "client", "tests", "bench")
LICENCE = "SPDX-License-Identifier: MIT"
NAME = re.compile(r"(\w+)\s*\(")


def functions_of(lines):
    """(name, first line, number of lines) of each body, its braces included."""
    start, name = None, "?"
    for n, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = n
        elif line.startswith("}") and start is not None:
            yield name, start, n - start + 1
            start = None
        elif start is None and line[:1].isalpha() and NAME.search(line):
            name = NAME.search(line)[1]


def wrong_head(lines):
    head = "\n".join(lines[:2])
    if LICENCE not in head:
        return "does not begin with " + LICENCE
    if len(lines) < 2 or not re.match(r"/\*|//", lines[1]):
        return "has no comment behind the licence"
    return None


def check(path, lines):
    if len(lines) > FILE_MAX:
        yield f"{path}: {len(lines)} lines, more than {FILE_MAX}"
    for name, start, n in functions_of(lines):
        if n > FUNCTION_MAX:
            yield f"{path}:{start}: {name}() has {n} lines, more than {FUNCTION_MAX}"
    head = wrong_head(lines)
    if head:
        yield f"{path}: {head}"


def main():
    root = pathlib.Path(sys.argv[1])
    wrong, n_files = [], 0
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.[ch]")):
            n_files += 1
            wrong += check(file.relative_to(root), file.read_text().splitlines())
    if n_files == 0:
        wrong.append(f"no source below {root}: is it the root?")
    print("\n".join(wrong) if wrong else f"{n_files} files are short enough")
    return 1 if wrong else 0


sys.exit(main())
