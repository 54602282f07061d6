#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""nameless.py: answers every DNS question (RFC 1035, UDP, 127.0.0.1:53) with: there is no such name.

For servers that cannot be kept from asking for the names of addresses.
"""
import socket

HEADER_SIZE = 12
NO_SUCH_NAME = b"\x81\x83"  # a response, recursion desired and available, RCODE 3

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", 53))
    while True:
        query, sender = server.recvfrom(512)
        if len(query) >= HEADER_SIZE:
            counts = query[4:6] + bytes(6)
            server.sendto(query[:2] + NO_SUCH_NAME + counts + query[HEADER_SIZE:], sender)
