"""The benchmark of alerts runs, made small: it fails by itself where a change is in no message."""

import subprocess
import sys

from domain.settings import ROOT


def test_the_benchmark_of_alerts_runs() -> None:
    command = [sys.executable, "-m", "bench", "alerts", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=560, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "✗ missed" not in done.stdout
    for row in ("webhook", "email", "dingtalk", "wecom", "feishu"):
        assert f"20, {row} " in done.stdout
    assert done.stdout.count("tongjian, ") == 4
