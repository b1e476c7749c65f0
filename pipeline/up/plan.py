"""What `up` starts, and where: ports, environments, commands."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.settings import ROOT, Settings
from pipeline.embedded import ports
from pipeline.embedded.shared import Endpoints
from pipeline.up import airflow
from pipeline.up.supervisor import Child

WEB, AIRFLOW, REPLICA = 8400, 8401, 8402
# In the replica half an hour passes in a minute: its news would otherwise be long in coming.
REPLICA_PACE = 30.0


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the three servers that people open listen, on 127.0.0.1; `moved` says what had to give way."""

    web: int
    airflow: int
    replica: int
    moved: tuple[str, ...] = ()


def choose_ports(state: Path, asked: int | None) -> Ports:
    """The ports of last time or the usual ones where free, else others, and that is said. A port that was
    asked for by name and is taken raises ConfigurationError."""
    kept = state / "ports.json"
    wanted: dict[str, int] = {"web": WEB, "airflow": AIRFLOW, "replica": REPLICA}
    wanted |= json.loads(kept.read_text()) if kept.exists() else {}
    if asked is not None:
        wanted["web"] = ports.claim(asked, "the reading room", "--port")
    moved = []
    for name, port in list(wanted.items()):
        if not ports.is_free(port):
            wanted[name] = ports.free(1)[0]
            moved.append(f"port {port} is taken{ports.owner(port)}: {name} is on {wanted[name]}")
    kept.write_text(json.dumps(wanted))
    return Ports(**wanted, moved=tuple(moved))


def environment(settings: Settings, local: Endpoints, chosen: Ports, *, live: bool) -> dict[str, str]:
    """What every child of ours needs to know of the house."""
    common = {
        "TONGJIAN_S3_ENDPOINT": settings.s3_endpoint or local.s3,
        "TONGJIAN_DATABASE": settings.database or local.database,
        "TONGJIAN_STATE": str(settings.state),
        "TONGJIAN_WEB": f"http://127.0.0.1:{chosen.web}",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    if settings.s3_endpoint is None:
        common["AWS_SHARED_CREDENTIALS_FILE"] = str(local.credentials)
    if not live:
        pace = settings.pace if settings.pace != 1 else REPLICA_PACE
        common |= {"TONGJIAN_CONNECT_TO": f"::127.0.0.1:{chosen.replica}", "TONGJIAN_PACE": str(pace)}
    return common


def children(settings: Settings, local: Endpoints, chosen: Ports, content: Path | None, *, live: bool) -> list[Child]:
    """The processes to run, in the order of their starting."""
    logs = settings.state / "logs"
    common = environment(settings, local, chosen, live=live)
    ours = [sys.executable, "-m", "pipeline"]
    flow = airflow.environment(settings.state, local.airflow_database, chosen.airflow, workers=4)
    web = Child("web", [*ours, "web", "--port", str(chosen.web)], common, logs / "web.log")
    replica = Child(
        "replica", [*ours, "replica", "--port", str(chosen.replica), *_content(content)], common, logs / "replica.log"
    )
    return [*([] if live else [replica]), *airflow.services(common | flow, logs), web]


def _content(content: Path | None) -> list[str]:
    return ["--content", str(content)] if content else []
