"""A segment read with a shell, typed as docs/archive-format.md has it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from making import exchange, sealed

from domain.settings import ROOT
from storage import merkle

NEEDED = ("xxd", "od", "zstd", "sha256sum")
pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in NEEDED), reason=f"not all of {', '.join(NEEDED)} are here"
)


def test_the_commands_of_the_document_lead_to_a_record(tmp_path: Path) -> None:
    made = sealed(*(exchange(number) for number in range(3)))
    (tmp_path / "S").write_bytes(made.data)
    capture = made.index.captures[1]
    page = (ROOT / "docs" / "archive-format.md").read_text(encoding="utf-8")
    block = next(one for one in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "tail -c 8 S" in one)
    lines = [line for line in block.splitlines() if "dictionary" not in line or "28b5" in line]
    typed = "\n".join(lines).replace("726", str(capture.offset)).replace("516", str(capture.length))
    done = subprocess.run(
        ["sh", "-e"], input=typed, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[1:-1] for line in done.stdout.splitlines()[:3:2]] == [["28b5", "2ffd"], ["5e2a", "4d18"]]
    assert done.stdout.splitlines()[1].endswith("TJ01")
    assert done.stdout.split()[-2] == capture.id == merkle.leaf((tmp_path / "record").read_bytes()).hex()
    assert capture.id in (tmp_path / "index.json").read_text()
