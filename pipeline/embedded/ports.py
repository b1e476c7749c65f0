"""Free ports on 127.0.0.1, and clear words where one is taken."""

import random
import socket
from contextlib import ExitStack

import psutil

from domain.errors import ConfigurationError

GRPC = 10_000
# Below what Linux gives to outgoing connections (32768 and up, ip(7)), the gRPC port too: one of those on the port of a
# server that is restarted would send it to another.
_FIRST, _LAST = 11_000, 22_700


def is_free(port: int) -> bool:
    """True where 127.0.0.1:port can be bound now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free(count: int) -> list[int]:
    """That many different ports, free together with the one 10,000 above (SeaweedFS takes that for gRPC)."""
    with ExitStack() as held:
        return [_held(held) for _ in range(count)]


def _held(stack: ExitStack) -> int:
    for port in random.sample(range(_FIRST, _LAST), 2_000):
        with ExitStack() as both:
            try:
                for number in (port, port + GRPC):
                    both.enter_context(socket.socket()).bind(("127.0.0.1", number))
            except OSError:
                continue
            stack.push(both.pop_all())
            return port
    raise ConfigurationError(f"no free port between {_FIRST} and {_LAST} on 127.0.0.1")


def claim(port: int, what: str, option: str) -> int:
    """`port` where it is free. Raises ConfigurationError naming the port, and its owner where that is known."""
    if is_free(port):
        return port
    raise ConfigurationError(
        f"port {port} for {what} is taken{owner(port)}",
        hint=f"Stop that program, or choose another port with {option}.",
    )


def owner(port: int) -> str:
    """` by process N (name)`, where the system tells; else nothing."""
    try:
        listening = (c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN)
        pid = next((c.pid for c in listening if c.laddr and c.laddr[1] == port), None)
        return f" by process {pid} ({psutil.Process(pid).name()})" if pid else ""
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return ""
