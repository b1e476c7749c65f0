"""What git keeps: no machine's paths, no keys, no overgrown files or functions, no swallowed failures."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES = 300
FUNCTION_LINES = 60
# Recorded pages are other people's text: what stands in them is not ours to mend.
RECORDED = {".html", ".htm", ".xml", ".bin", ".warc", ".gz", ".zst", ".lock"}

# Written in halves, or this file would find itself.
MARKS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
# A path begins here: not in the middle of an address or of another path.
MACHINE = re.compile(r"(?<![\w./%~*:-])/(?:ro" + r"ot|wo" + r"rk|ho" + r"me|Us" + r"ers)/[\w.]+(?:/[\w.-]+)*")
KEYS = re.compile(
    "-----BEGIN [A-Z ]*PRIV" + r"ATE KEY-----|\bAK" + r"IA[0-9A-Z]{16}\b|\bgh" + r"[pousr]_[0-9A-Za-z]{36}\b"
)


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("this is no git checkout, so there is no list of what it keeps")
    files = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in files if path.is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def own_python() -> list[Path]:
    return [path for path in python_files() if not is_under(path, "tests")]


def is_under(path: Path, *folders: str) -> bool:
    return path.relative_to(ROOT).parts[0] in folders


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        if path.suffix not in RECORDED:
            data = path.read_bytes()
            if b"\0" not in data:
                yield path, data.decode("utf-8", "replace")


def hits(pattern: re.Pattern[str], text: str) -> list[str]:
    """Each line number with what was found in it."""
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {found.group()}" for number, line in lines for found in pattern.finditer(line)]


def in_tree(pattern: re.Pattern[str]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{hit}" for path, text in texts() for hit in hits(pattern, text)]


def long_functions(source: str) -> list[str]:
    return [
        f"{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]


def prints(source: str) -> list[str]:
    return [
        f"{node.lineno}: print"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def swallowed(source: str) -> list[str]:
    """Handlers of everything, and handlers of anything broad that do nothing."""
    return [
        f"{node.lineno}: {ast.unparse(node).splitlines()[0]}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or (_is_broad(node) and _does_nothing(node)))
    ]


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException") for kind in kinds)


def _does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(step, ast.Pass | ast.Continue)
        or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
        for step in handler.body
    )


def named(paths: list[Path], check: Callable[[str], list[str]]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{fault}" for path in paths for fault in check(path.read_text("utf-8"))]


def told(faults: list[str]) -> str:
    return "\n".join(["", *faults])


def test_there_is_something_to_look_at() -> None:
    assert ROOT / "pyproject.toml" in tracked()
    assert len(own_python()) > 0


def test_no_path_of_a_machine() -> None:
    faults = in_tree(MACHINE)
    assert not faults, told(faults)


def test_no_key_or_token() -> None:
    faults = in_tree(KEYS)
    faults += [str(path.relative_to(ROOT)) for path in tracked() if path.name == ".env" or is_under(path, "secrets")]
    assert not faults, told(faults)


def test_nothing_is_left_for_later() -> None:
    faults = in_tree(MARKS)
    assert not faults, told(faults)


def test_no_file_is_overgrown() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in own_python()}
    faults = [f"{path.relative_to(ROOT)}: {size} lines" for path, size in sizes.items() if size > FILE_LINES]
    assert not faults, told(faults)


def test_no_function_is_overgrown() -> None:
    faults = named(own_python(), long_functions)
    assert not faults, told(faults)


def test_nothing_prints_but_tests_and_benches() -> None:
    faults = named([path for path in own_python() if not is_under(path, "bench")], prints)
    assert not faults, told(faults)


def test_no_failure_is_swallowed() -> None:
    faults = named(python_files(), swallowed)
    assert not faults, told(faults)


def test_the_lock_names_no_other_registry() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    sources = {package["source"].get("registry") for package in lock["package"]} - {None}
    assert sources == {"https://pypi.org/simple"}


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (MACHINE, "open('/ro" + "ot/.aws')", 1),
        (MACHINE, "cd /wo" + "rk/main && ls", 1),
        (MACHINE, "http://example.cn/ho" + "me/index.html and a/ro" + "ot/b", 0),
        (KEYS, "-----BEGIN RSA PRIV" + "ATE KEY-----", 1),
        (KEYS, "-----BEGIN PUBLIC KEY-----", 0),
        (MARKS, "# TO" + "DO: later", 1),
        (MARKS, "a mastodon", 0),
    ],
)
def test_a_pattern_finds_what_it_is_for(pattern: re.Pattern[str], text: str, found: int) -> None:
    assert len(hits(pattern, text)) == found


def test_a_check_finds_what_it_is_for() -> None:
    long = "def f():\n" + "    x = 1\n" * FUNCTION_LINES
    assert len(long_functions(long)) == 1
    assert long_functions(long.removesuffix("    x = 1\n")) == []
    assert len(prints("print('x')\nlog.print('x')")) == 1
    assert len(swallowed("try:\n    f()\nexcept:\n    g()")) == 1
    assert len(swallowed("try:\n    f()\nexcept Exception:\n    pass")) == 1
    assert (
        len(swallowed("for x in y:\n    try:\n        f()\n    except (ValueError, Exception):\n        continue")) == 1
    )
    assert swallowed("try:\n    f()\nexcept ValueError:\n    pass") == []
    assert swallowed("try:\n    f()\nexcept Exception as e:\n    raise E from e") == []
