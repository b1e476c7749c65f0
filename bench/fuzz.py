"""fuzz: coverage-guided fuzzing (atheris on libFuzzer) of what meets bytes from outside: read, links, decode."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import fuzz_seeds, groups, patterns
from bench.fuzz_target import LIMIT, SLOW
from bench.places import temporary
from bench.results import FOLDER, goal, table
from bench.saying import say
from domain.errors import TongjianError
from domain.settings import ROOT

SHARES = {"read": 0.6, "links": 0.25, "decode": 0.15}
"""Of the time, by target of bench.fuzz_target."""

SECONDS, HANG, MEMORY_MB, GRACE = 60, 20, 2048, 60
FOUND = FOLDER / "fuzz"
_DONE = re.compile(r"cov: (\d+) ft: \d+ corp: (\d+)/")
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One target's minute: inputs run, branches of our code seen, inputs worth keeping, how it ended (0 is well)."""

    inputs: int
    branches: int
    corpus: int
    code: int


def run(
    *, rounds: int | None = None, quick: bool, seconds: int | None = None, only: str | None = None
) -> dict[str, object]:
    """Fuzzes each target for its share of the seconds; what is found is printed and kept in var/bench/fuzz."""
    seconds = (seconds or (10 if quick else SECONDS)) * (rounds or 1)
    python = groups.interpreter("fuzz")
    if python is None:
        say("  not fuzzed. atheris has wheels for Linux on x86-64; elsewhere it is built from source, with clang")
        return {}
    with temporary() as state:
        _prepare(state)
        say(f"  inputs of at most {LIMIT:,} bytes; more than {SLOW} s of CPU for one is a finding, {HANG} s a hang")
        times = {only: seconds} if only else {name: int(seconds * share) for name, share in SHARES.items()}
        done = {name: _fuzz(name, time, state, python) for name, time in times.items()}
    found = [*_findings(), *_patterns()]
    table(
        ("", "seconds", "inputs", "branches seen", "kept"),
        [(name, times[name], one.inputs, one.branches, one.corpus) for name, one in done.items()],
    )
    for finding in found:
        say(f"  {finding['target']}: {finding['kind']}: {finding['said'].splitlines()[-1][:200]}")
        say(f"    {finding['input']}")
    goal("findings", len(found), 0)
    return {"seconds": seconds, "targets": {name: asdict(one) for name, one in done.items()}, "findings": found}


def _prepare(state: Path) -> None:
    """Seeds and words into `state`; what an earlier run found is a seed, and its folder is emptied."""
    found, seeds = fuzz_seeds.pages(state), state / "seeds"
    fuzz_seeds.dictionary(found, state / "words")
    say(f"  {fuzz_seeds.write(found, seeds)} seeds from {len(found)} pages of the replica")
    for earlier in FOUND.glob("*.bin"):
        shutil.copy(earlier, seeds)
    shutil.rmtree(FOUND, ignore_errors=True)
    FOUND.mkdir(parents=True)


def _fuzz(name: str, seconds: int, state: Path, python: Path) -> Fuzzed:
    """One target in a process of its own. Raises TongjianError where the fuzzer did not even begin."""
    corpus = state / name
    corpus.mkdir()
    options = [f"-max_total_time={max(seconds, 1)}", f"-max_len={LIMIT}", f"-timeout={HANG}", "-print_final_stats=1"]
    options += [f"-rss_limit_mb={MEMORY_MB}", f"-dict={state / 'words'}", f"-artifact_prefix={FOUND}/{name}-"]
    command = [sys.executable, "-m", "bench.fuzz_target", name, str(FOUND), *options, str(corpus), str(state / "seeds")]
    paths = {"PYTHONPATH": f"{ROOT}{os.pathsep}{groups.packages(python)}"}
    say(f"  {name}, {seconds} s …")
    try:
        done = subprocess.run(
            command,
            env=os.environ | paths,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TongjianError(f"the fuzzer of {name} did not end {GRACE} s after its time") from error
    states, executed = _DONE.findall(done.stderr), _EXECUTED.findall(done.stderr)
    if not states:
        raise TongjianError(f"the fuzzer of {name} ended with {done.returncode}: …{done.stderr[-1500:]}")
    (FOUND / f"{name}.log").write_text(done.stderr[-20_000:], encoding="utf-8")
    branches, kept = map(int, states[-1])
    return Fuzzed(int(executed[-1]) if executed else 0, branches, kept, done.returncode)


def _findings() -> list[dict[str, str]]:
    """What the targets noted, and what made libFuzzer itself stop: hangs, memory, crashes of native code."""
    noted = [
        json.loads(path.read_text(encoding="utf-8")) | {"input": str(path.with_suffix(".bin").relative_to(ROOT))}
        for path in sorted(FOUND.glob("*.json"))
    ]
    stops = [path for kind in ("crash", "timeout", "oom", "leak") for path in sorted(FOUND.glob(f"*-{kind}-*"))]
    return noted + [
        {
            "target": path.name.partition("-")[0],
            "kind": f"{path.name.split('-')[1]}: libFuzzer stopped",
            "said": f"see {path.name.partition('-')[0]}.log",
            "input": str(path.relative_to(ROOT)),
        }
        for path in stops
    ]


def _patterns() -> list[dict[str, str]]:
    """What no fuzzer comes upon in a minute: expressions that take twice as long with each character more."""
    say(f"  every regular expression of domain and parsers, on {patterns.LENGTH} characters made of its own pieces …")
    return [
        {
            "target": name,
            "kind": "goes in circles",
            "said": f"busy for more than {patterns.LIMIT} s",
            "input": f"{piece!r}, repeated",
        }
        for name, piece in patterns.slow()
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS, help=f"for all targets together; {SECONDS} unless said")
    parser.add_argument("--only", choices=SHARES, help="all the time for one target")
    given = parser.parse_args()
    run(quick=False, seconds=given.seconds, only=given.only)
