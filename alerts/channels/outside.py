"""The process in which a plugin of Apprise runs: `python -I outside.py ROOT`, an order as JSON on standard input, the
outcome as JSON on standard output.

Python tells an audit hook of every connection, file and process before it is made (PEP 578), whoever makes it; what
is not in order is refused there. The order holds secrets: nothing of it is in the arguments or the environment.
"""

import http.client
import importlib.util
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

if TYPE_CHECKING:
    from alerts.guard import Guard, Way

_NEVER = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "pty.spawn",
    "socket.bind",
    "socket.sendto",
    "socket.sendmsg",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
)
_SHARED = ("/usr/share/", "/usr/lib/", "/etc/ssl/", "/etc/pki/")
_FILES = frozenset(
    {"/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/resolv.conf", "/etc/hosts", "/dev/null"}
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Barrier:
    """What the plugin may do: connect to what the guard permits, and read what every program reads."""

    def __init__(self, guard: "Guard", root: str, bundles: tuple[str, ...] = ()) -> None:
        self._guard, self.reason = guard, ""
        # Where an installed house keeps its state: beside its code, among what may be read.
        self._state = f"{Path(root, 'var').resolve()}/"
        self._granted: set[str] = set()
        self._readable = (*(f"{folder}/" for folder in {sys.prefix, sys.base_prefix}), *_SHARED)
        self._bundles = _FILES | set(bundles)
        self._real, self._inside = socket.getaddrinfo, threading.local()

    def raise_(self) -> None:
        """From now on, for good: an audit hook cannot be taken away."""
        sys.dont_write_bytecode = True
        connections: Any = http.client.HTTPConnection
        real = connections.set_tunnel

        def set_tunnel(connection: Any, host: str, port: int | None = None, headers: Any = None) -> None:
            if not self._guard.trusts(host):
                self._look(host, port or 443)  # what a proxy is asked for is held to the same
            real(connection, host, port, headers)

        connections.set_tunnel = set_tunnel
        socket.getaddrinfo = self.lookup
        sys.addaudithook(self.hook)

    def lookup(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """As socket.getaddrinfo, of what the guard lets be reached."""
        if host is None or getattr(self._inside, "on", False):
            return self._real(host, port, *args, **kwargs)
        way = self._look(host.decode() if isinstance(host, bytes) else host, int(port or 443))
        return [item for address in way.addresses for item in self._real(address, way.port, *args, **kwargs)]

    def _look(self, host: str, port: int) -> "Way":
        from domain.errors import TongjianError

        self._inside.on = True
        try:
            way = self._guard.way(host, port)
        except TongjianError as error:  # the plugin hears of it in a way that it expects
            self.reason = str(error)
            raise socket.gaierror(socket.EAI_NONAME, "not to be reached") from None
        finally:
            self._inside.on = False
        if way.led or self._guard.trusts(host):
            self._granted.update(way.addresses)
        return way

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            self._connecting(args[1])
        elif event == "open":
            self._opening(*args)
        elif event in _NEVER:
            self._refuse(f"the plugin tried {event}")

    def _connecting(self, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) and address else None
        if not isinstance(host, str) or not (host in self._granted or self._guard.permits(host)):
            self._refuse("the plugin tried to reach an address that is not public")

    def _opening(self, path: Any, _mode: Any, flags: int) -> None:
        if isinstance(path, int):
            return
        real = os.path.realpath(os.fsdecode(path))
        if flags & _WRITING and real != "/dev/null":
            self._refuse("the plugin tried to write a file")
        known = real.startswith(self._readable) and not real.startswith(self._state)
        if not known and real not in self._bundles:
            self._refuse("the plugin tried to read a file")

    def _refuse(self, reason: str) -> None:
        self.reason = reason
        raise PermissionError(reason)


def send(order: dict[str, Any], barrier: Barrier) -> dict[str, Any]:
    """Runs the order: `ok`, and `said`, the reason where it failed."""
    import apprise
    from apprise.manager_plugins import NotificationManager

    manager: Any = NotificationManager
    manager().load_modules()
    said: list[str] = []
    _listen(said.append)
    asset = apprise.AppriseAsset(
        http_redirects=False, async_mode=False, storage_mode="memory", pgp_autogen=False, pem_autogen=False
    )
    barrier.raise_()
    plugin = apprise.Apprise.instantiate(order["url"], asset=asset)
    if plugin is None or order["check"]:
        return {"ok": plugin is not None, "said": "; ".join(said)}
    plugin.redirects, plugin.request_rate_per_sec = False, 0
    title, body, kind = _form(plugin, order["forms"])
    try:
        ok = plugin.notify(body=body, title=title, body_format=kind)
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
        said.append(f"{type(error).__name__}: {error}")
        ok = False
    return {"ok": bool(ok), "said": barrier.reason or "; ".join(said[:3])}


def _form(plugin: Any, forms: list[list[str]]) -> tuple[str, str, Any]:
    """Title, body and its format: the longest of the forms that the service takes whole."""
    from apprise import NotifyFormat

    markdown = NotifyFormat.MARKDOWN in plugin._formats()
    for title, marked, plain in forms:
        body = marked if markdown else plain
        if len(title) + len(body) + 8 <= plugin.body_maxlen:
            break
    else:
        body = body[: plugin.body_maxlen]
    return title, body, NotifyFormat.MARKDOWN if markdown else NotifyFormat.TEXT


def _listen(hear: Callable[[str], object]) -> None:
    """Warnings of Apprise, and nothing of anybody else: below them are addresses and bodies."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            hear(record.getMessage())

    logger = logging.getLogger("apprise")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.addHandler(Listener(logging.WARNING))


def _guard(root: str, allow: str, rules: str) -> "Guard":
    """The guard alone: its package would bring the database with it."""
    sys.path.insert(0, root)
    spec = importlib.util.spec_from_file_location("guard", Path(root) / "alerts" / "guard.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["guard"] = module
    spec.loader.exec_module(module)
    made: Guard = module.Guard(allow, rules)
    # The operator's proxy may be reached, wherever it is; what it is asked for is looked at (Barrier._look).
    return made.trusting(*filter(None, (urlsplit(proxy).hostname for proxy in getproxies_environment().values())))


def main() -> None:
    order = json.load(sys.stdin)
    bundles = tuple(os.path.realpath(os.environ[name]) for name in ("REQUESTS_CA_BUNDLE",) if name in os.environ)
    guard = _guard(sys.argv[1], order["allow"], order["rules"])
    outcome = send(order, Barrier(guard, sys.argv[1], bundles))
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    main()
