#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The other side of a line, of another version of the protocol:
#     proto.py ask PORT CA CERT KEY PROTO   a centre; prints the status, and of the answer protocol and code
#     proto.py hub PORT CERT KEY PROTO      a hub, until it is ended; "busy": one that has too much to do
# A version that this program doesn't know yet has more at the end of each head.
import ctypes
import ctypes.util
import http.client
import http.server
import ssl
import sys
import time

KNOWN = 2
zstd = ctypes.CDLL(ctypes.util.find_library("zstd"))
for name in ("ZSTD_compressBound", "ZSTD_compress", "ZSTD_decompress"):
    getattr(zstd, name).restype = ctypes.c_size_t


def squeeze(plain):
    out = ctypes.create_string_buffer(len(plain) + 1024)
    size = zstd.ZSTD_compress(out, ctypes.c_size_t(len(out)), plain, ctypes.c_size_t(len(plain)), 3)
    return out.raw[:size]


def unsqueeze(body):
    out = ctypes.create_string_buffer(8 << 20)
    size = zstd.ZSTD_decompress(out, ctypes.c_size_t(len(out)), body, ctypes.c_size_t(len(body)))
    return out.raw[:size]


def number(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def numbers(data, count):
    out, value, shift = [], 0, 0
    for at, byte in enumerate(data):
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte & 0x80 == 0:
            out.append(value)
            value = shift = 0
        if len(out) == count:
            return out, data[at + 1 :]
    raise ValueError("cut short")


def message(proto, fields):
    head = bytes([proto, 0]) + fields + (b"\x07more to come" if proto > KNOWN else b"")
    return squeeze(number(len(head)) + head)


def now():
    return int(time.time() * 1000)


def ask(port, ca, cert, key, proto):
    context = ssl.create_default_context(cafile=ca)
    context.load_cert_chain(cert, key)
    line = http.client.HTTPSConnection("127.0.0.1", int(port), context=context, timeout=20)
    fields = b"".join(number(n) for n in (1, 1, 0, 0, 0, 0, now(), 0)) + number(3) + b"9.9"
    if int(proto) >= 2:  # what waits there
        fields += number(7) + number(3) + number(now())
    line.request("POST", "/v1/sync", message(int(proto), fields))
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        print(answer.status)
        return
    _, head = numbers(unsqueeze(body), 1)
    print(answer.status, head[0], head[2])


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proto = KNOWN

    def reply(self, status, body, *more):
        self.send_response(status)
        self.send_header("Sanad-Hub", "0123456789abcdef0123456789abcdef")
        self.send_header("Content-Length", str(len(body)))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        time.sleep(1)
        self.reply(204, b"")

    def do_POST(self):
        if self.proto < 0:  # it has too much to do
            self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(503, b"", ("Retry-After", "4"))
            return
        plain = unsqueeze(self.rfile.read(int(self.headers["Content-Length"])))
        _, head = numbers(plain, 1)
        (epoch, first, _), rest = numbers(head[2:], 3)
        if head[1] & 1:
            rest = rest[128:]
        (hub_epoch, hub_seq), _ = numbers(rest, 2)
        fields = (0, epoch, first - 1, 0, now(), hub_epoch, hub_seq, 0, 0)
        self.reply(200, message(self.proto, b"".join(number(n) for n in fields)))

    def log_message(self, *args):
        pass


def hub(port, cert, key, proto):
    Hub.proto = -1 if proto == "busy" else int(proto)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Hub)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


{"ask": ask, "hub": hub}[sys.argv[1]](*sys.argv[2:])
