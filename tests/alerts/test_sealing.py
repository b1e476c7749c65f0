"""Addresses and secrets at rest: nobody reads them without the keys, and the keys can be changed."""

import stat
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as some

from alerts.sealing import Keyring
from domain.errors import ConfigurationError
from domain.settings import Settings

CANARY = "https://hooks.example.org/canary-7f3a9c"
ONE, TWO = Fernet.generate_key(), Fernet.generate_key()


def keys_in(place: Path) -> list[bytes]:
    return place.read_bytes().split()


@given(some.text())
def test_what_is_sealed_is_opened_and_not_read(text: str) -> None:
    ring = Keyring((ONE,))
    sealed = ring.seal(text)
    assert ring.open(sealed) == text
    assert len(text) < 4 or text not in sealed
    assert ring.seal(text) != sealed


def test_a_new_key_seals_and_the_former_ones_open() -> None:
    before = Keyring((ONE,)).seal(CANARY)
    both = Keyring((TWO, ONE))
    assert both.open(before) == CANARY
    after = both.reseal(before)
    assert Keyring((TWO,)).open(after) == CANARY
    with pytest.raises(ConfigurationError):
        Keyring((ONE,)).open(after)


def test_fingerprints_are_equal_where_texts_are_and_survive_a_new_key() -> None:
    ring = Keyring((ONE,))
    assert ring.fingerprint(CANARY) == ring.fingerprint(CANARY) == Keyring((TWO, ONE)).fingerprint(CANARY)
    assert ring.fingerprint(CANARY) != ring.fingerprint(CANARY + "/")
    assert ring.fingerprint(CANARY) != Keyring((TWO,)).fingerprint(CANARY)
    assert "canary" not in ring.fingerprint(CANARY)


@pytest.mark.parametrize("sealed", ["", CANARY, "sealed:", "sealed:" + "A" * 100, Keyring((TWO,)).seal(CANARY)])
def test_what_cannot_be_opened_is_said_with_a_hint_and_not_repeated(sealed: str) -> None:
    ring = Keyring((ONE,), "/somewhere/secrets.key")
    for call in (ring.open, ring.reseal):
        with pytest.raises(ConfigurationError) as refused:
            call(sealed)
        said = "".join(traceback.format_exception(refused.value)) + str(refused.value.hint)
        assert "/somewhere/secrets.key" in said
        assert "TONGJIAN_SECRETS_KEY" in said
        assert "canary" not in str(refused.value)
        assert ONE.decode() not in said + repr(ring)


@pytest.mark.parametrize("keys", [(), (b"short",), (ONE, b"no key at all"), (ONE[:-4],)])
def test_a_wrong_line_is_said_and_not_repeated(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Keyring(keys, "FILE")
    assert refused.value.hint
    assert "FILE" in str(refused.value)
    assert ONE.decode()[:20] not in str(refused.value)


def test_the_default_file_is_made_at_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state")
    sealed = Keyring.load(settings).seal(CANARY)
    assert Keyring.load(settings).open(sealed) == CANARY
    place = tmp_path / "state" / "keys" / "secrets.key"
    assert settings.sealing_file == place
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert len(keys_in(place)) == 1
    assert [path.name for path in place.parent.iterdir()] == ["secrets.key"]


def test_several_lines_are_several_keys(tmp_path: Path) -> None:
    place = tmp_path / "keys"
    place.write_bytes(TWO + b"\n" + ONE)  # no newline at the end: secrets of a cluster have none
    ring = Keyring.load(Settings(secrets_key=place))
    assert ring.open(Keyring((ONE,)).seal(CANARY)) == CANARY
    assert Keyring((TWO,)).open(ring.seal(CANARY)) == CANARY


def test_a_file_that_the_operator_names_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read") as refused:
        Keyring.load(Settings(secrets_key=tmp_path / "lost.key"))
    assert "generate_key" in str(refused.value.hint)
    assert list(tmp_path.iterdir()) == []


def test_the_command_of_the_hint_makes_a_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Keyring.load(Settings(secrets_key=tmp_path / "lost.key"))
    command = str(refused.value.hint).partition(": ")[2].replace("python ", f"{sys.executable} ", 1)
    subprocess.run(["sh", "-c", command], check=True)
    assert Keyring.load(Settings(secrets_key=tmp_path / "lost.key")).seal(CANARY)


def test_an_empty_file_is_no_keyring(tmp_path: Path) -> None:
    place = tmp_path / "state" / "keys" / "secrets.key"
    place.parent.mkdir(parents=True)
    place.touch()
    with pytest.raises(ConfigurationError, match="holds no keys"):
        Keyring.load(Settings(state=tmp_path / "state"))


def test_of_many_processes_at_once_all_have_the_same_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from alerts.sealing import Keyring; from domain.settings import Settings\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(Keyring.load(Settings(state=Path(sys.argv[1]))).seal('same'), flush=True)\n"
    )
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for one in racing:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in racing:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    sealed = [one.communicate()[0].strip() for one in racing]
    ring = Keyring.load(Settings(state=tmp_path))
    assert [ring.open(one) for one in sealed] == ["same"] * 4
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secrets.key"]
