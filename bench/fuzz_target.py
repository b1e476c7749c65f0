"""What the fuzzer runs, in a process of its own: `python -m bench.fuzz_target TARGET FOLDER [libFuzzer's options]`.

An input's first byte chooses what goes with it (address, content type, site), the rest is the payload. What a target
lets out that it may not, or takes too long for, is written into FOLDER once a place, the shortest input kept.
"""

import hashlib
import json
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

LIMIT = 16_384
"""Bytes of an input."""

SLOW = 1.0
"""Seconds of CPU an input may take, though all of our code is instrumented and several times slower for it."""

_MIRRORED = "<title>濟(jì)南</title>".encode() + "<p>濟(jì)寧市發(fā)佈,沿著著名</p>".encode() * 20
_OURS = tuple(str(Path(__file__).absolute().parent.parent / name) for name in ("domain", "parsers"))
Target = Callable[[int, bytes], None]


class Untrue(AssertionError):
    """The target came back with something that its contract rules out."""


def targets() -> dict[str, Target]:
    """By name. To be called while imports are instrumented."""
    from domain.errors import ReadError
    from domain.site import Entry
    from parsers import lists, read
    from parsers.charset import decode

    known = list(import_module("sites").load().values())
    layouts = [(site, entry) for site in known for entry in site.entries]
    layouts += [(site := _site(kind), site.entries[0]) for kind in get_args(Entry.model_fields["kind"].annotation)]
    types = (None, "text/html", "text/html; charset=gb2312", "text/html; charset=big5", "application/xml")

    def reading(choice: int, payload: bytes) -> None:
        site = known[choice // 4 % len(known)]
        url = ("http://news.example.cn/2024/0101/1.html", f"{site.homepage}art/2019/1/7/art_1_2.html", "", "http://[::")
        try:
            article = read(payload, url[choice % 4], types[choice % len(types)], site if choice % 4 == 1 else None)
        except ReadError:
            return
        dumped = article.model_dump_json()
        if type(article).model_validate_json(dumped).digest != article.digest:
            raise Untrue("an article is another one after a trip through JSON")

    def listing(choice: int, payload: bytes) -> None:
        site, entry = layouts[choice % len(layouts)]
        listed = lists.links(payload, entry.url, types[choice // 8 % len(types)], entry, site)
        for link in listed.articles:
            f"{link.url}{link.title}".encode()
        if len(listed.next) > entry.pages:
            raise Untrue(f"{len(listed.next)} further list pages, though the entry allows {entry.pages}")

    def decoding(choice: int, payload: bytes) -> None:
        decoded = decode(payload, types[choice % len(types)])
        decoded.text.encode()
        if not 0 <= decoded.fidelity <= 1:
            raise Untrue(f"fidelity {decoded.fidelity}")

    reading(0, _MIRRORED)  # what is loaded and compiled once is no input's cost
    return {"read": reading, "links": listing, "decode": decoding}


def _site(kind: str) -> Any:
    """A site whose one list is of a kind."""
    from domain.site import Entry, Site

    home = f"http://{kind}.example.cn/"
    entry = Entry.model_validate({"url": f"{home}list", "kind": kind, "more": f"{home}list_{{page}}"})
    return Site(name=kind, title=kind, homepage=home, entries=(entry,), article=r"/\d+\.s?html?$")


def guarded(name: str, target: Target, folder: Path) -> Callable[[bytes], None]:
    """A target whose failures are written down, so that the fuzzer goes on to the next."""
    shortest: dict[str, int] = {}

    def note(kind: str, data: bytes, said: str) -> None:
        key = hashlib.sha256(kind.encode()).hexdigest()[:12]
        if len(data) >= shortest.get(key, LIMIT + 2):
            return
        shortest[key] = len(data)
        (folder / f"{name}-{key}.bin").write_bytes(data)
        (folder / f"{name}-{key}.json").write_text(json.dumps({"target": name, "kind": kind, "said": said}))

    def run(data: bytes) -> None:
        start = time.thread_time()
        try:
            target(data[0] if data else 0, data[1:])
        except Exception as error:  # noqa: BLE001  (whatever it is, it is a finding)
            note(_place(error), data, traceback.format_exc())
        if (spent := time.thread_time() - start) > SLOW:
            note(f"slower than {SLOW} s", data, f"{spent:.1f} s for {len(data)} bytes")

    return run


def _place(error: BaseException) -> str:
    """The error's kind and the innermost line of ours it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = next((frame for frame in reversed(frames) if frame.filename.startswith(_OURS)), frames[-1])
    return f"{type(error).__name__} in {Path(own.filename).name}:{own.lineno} ({own.name})"


def main(name: str, folder: Path, options: list[str]) -> None:
    """Fuzzes until libFuzzer's options say to end; it ends the process."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["domain", "parsers"]):
        target = targets()[name]
    atheris.Setup([sys.argv[0], *options], guarded(name, target, folder))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
