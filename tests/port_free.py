# SPDX-License-Identifier: Apache-2.0
"""port_free.py PID: prints a TCP port that is free on the loopback, and no other test's as long as the
process PID lives. It is below those that the kernel gives to connections: a server that is stopped finds
its port free again. What is given out stands in a file of the user's, a line for each port."""
import fcntl, os, random, socket, sys

LEAST = 10000
with open("/proc/sys/net/ipv4/ip_local_port_range") as kernel:
    most = int(kernel.read().split()[0])
ports = range(LEAST, most) if most > LEAST + 1000 else range(LEAST, 65536)


def free(port):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_INET, kind) as one:
                one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


given = os.open(f"/tmp/sanad-ports.{os.getuid()}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
fcntl.flock(given, fcntl.LOCK_EX)
taken = [line.split() for line in os.read(given, 1 << 20).decode().splitlines()]
taken = {int(port): pid for port, pid in taken if os.path.exists(f"/proc/{pid}")}
port = next(port for port in random.sample(ports, len(ports)) if port not in taken and free(port))
taken[port] = sys.argv[1]
os.ftruncate(given, 0)
os.pwrite(given, "".join(f"{port} {pid}\n" for port, pid in taken.items()).encode(), 0)
print(port)
