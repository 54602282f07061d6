#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Includes point downwards, never up, never in a circle (docs/architecture.md, layers). Reads the
# #include "..." lines of daemon/, lib/ and client/; needs no build. Prints each that should not be
# there and exits with 1. One argument: the root of the tree.
import pathlib
import re
import sys

# What the files of a folder may include besides their own folder's headers.
MAY_INCLUDE = {
    "lib": set(),
    "state": {"lib"},
    "net": {"lib"},
    "chat": {"state", "lib"},
    "front": {"chat", "store", "state", "lib"},
    "store": {"state", "lib"},
    "app": {"front", "chat", "store", "state", "net", "lib"},
    "client": {"lib"},
    "daemon": {"app", "lib"},  # main.c
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')

# Libraries that one file alone may know, or two.
KEEPERS = {"ncurses.h": ("client/screen.c",), "curses.h": ("client/screen.c",),
           "openssl/": ("client/tls.c", "client/tls_words.c")}
LIBRARY = re.compile(r"^\s*#\s*include\s+<([^>]+)>")


def keepers_of(header):
    """The files that may include it; None: all."""
    for name, keepers in KEEPERS.items():
        if header == name or (name.endswith("/") and header.startswith(name)):
            return keepers
    return None


def layer_of(path):
    parts = path.parts
    if parts[0] == "daemon" and len(parts) > 2:
        return parts[1]
    return parts[0]


def target_of(root, path, name):
    """The file that `name` means in `path`, relative to the root; None if there is none."""
    for folder in ("daemon", "."):
        if "/" in name and (root / folder / name).is_file():
            return pathlib.Path(folder, name)
    if path.parts[0] == "client" and "/" not in name and (root / "client" / name).is_file():
        return pathlib.Path("client", name)
    return None


def wrong_include(root, path, name):
    """In words, or None; and the file that is included."""
    target = target_of(root, path, name)
    if target is None:
        return "is in no folder where includes are looked for (they are layer-qualified)", None
    mine, its = layer_of(path), layer_of(target)
    if mine not in MAY_INCLUDE:
        return f"{mine}/ is no layer that layers.py knows", target
    if its != mine and its not in MAY_INCLUDE[mine]:
        return f"{mine} may not know {its}", target
    return None, target


def find_circle(graph):
    """A list of headers that include each other, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for following in graph.get(node, ()):
            circle = visit(following)
            if circle:
                return circle
        path.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        circle = visit(node)
        if circle:
            return circle
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    wrong, graph = [], {}
    for folder in ("daemon", "lib", "client"):
        for file in sorted((root / folder).rglob("*.[ch]")):
            path = file.relative_to(root)
            for n, line in enumerate(file.read_text().splitlines(), 1):
                match = LIBRARY.match(line)
                keepers = keepers_of(match[1]) if match else None
                if keepers and str(path) not in keepers:
                    wrong.append(f"{path}:{n}: <{match[1]}>: only {' and '.join(keepers)} "
                                 f"may know it")
                match = INCLUDE.match(line)
                if not match:
                    continue
                reason, target = wrong_include(root, path, match[1])
                if reason:
                    wrong.append(f'{path}:{n}: "{match[1]}": {reason}')
                if target:
                    graph.setdefault(path, []).append(target)
    circle = find_circle(graph)
    if circle:
        wrong.append("a circle: " + " -> ".join(str(p) for p in circle))
    if not graph:
        wrong.append(f"no includes below {root}: is it the root?")
    print("\n".join(wrong) if wrong else f"{len(graph)} files point downwards")
    return 1 if wrong else 0


sys.exit(main())
