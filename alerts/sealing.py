"""Addresses and secrets of channels, encrypted at rest: a dump or a backup of the database gives nobody a way in.

The keys lie in a file of their own, one a line: the first seals, all open, so that a key can be changed while what
the former one sealed is still there. Each is a Fernet key (AES-128-CBC and HMAC-SHA256,
https://github.com/fernet/spec), what `Fernet.generate_key()` gives.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from domain.errors import ConfigurationError
from domain.settings import Settings

_MARK = "sealed:"
_MAKE = "python -c 'from cryptography.fernet import Fernet as F; print(F.generate_key().decode())'"


class Keyring:
    """The keys, the newest first. Says nothing of them, nor of what it seals and opens, in any error or repr."""

    def __init__(self, keys: tuple[bytes, ...], place: str = "the keyring") -> None:
        """`keys` are Fernet keys, `place` is where they are from, for errors. Raises ConfigurationError."""
        self._place = place
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise ConfigurationError(
                f"{place} holds no keys, or a line that is none", hint=f"A line is what this prints: {_MAKE}"
            ) from None
        # By the oldest key: a new one in front changes no fingerprint that is kept somewhere.
        self._printing = hmac.new(keys[-1], b"tongjian: fingerprints", hashlib.sha256).digest()

    def __repr__(self) -> str:
        return f"Keyring({self._place})"

    def seal(self, text: str) -> str:
        """The text encrypted with the first key; another each time, even of the same text."""
        return _MARK + self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed. Raises ConfigurationError, which repeats nothing of it."""
        try:
            return self._fernet.decrypt(_body(sealed)).decode()
        except InvalidToken:
            raise self._unopened() from None

    def reseal(self, sealed: str) -> str:
        """The same text under the first key. Raises ConfigurationError."""
        try:
            return _MARK + self._fernet.rotate(_body(sealed)).decode()
        except InvalidToken:
            raise self._unopened() from None

    def fingerprint(self, text: str) -> str:
        """64 hex digits, equal for equal texts, that tell nobody without the keys anything of the text."""
        return hmac.new(self._printing, text.encode(), hashlib.sha256).hexdigest()

    def _unopened(self) -> ConfigurationError:
        return ConfigurationError(
            f"an address or a secret of a channel was not sealed with a key of {self._place}",
            hint="Put the key it was sealed with back as a further line of that file (TONGJIAN_SECRETS_KEY), or give "
            "the channel its address anew.",
        )

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """The keys of `settings.sealing_file`. The default file is made at first use, for its owner alone; one that
        the operator names must be there: a new one beside a lost one would open nothing. Raises ConfigurationError."""
        place = settings.sealing_file
        try:
            if settings.secrets_key is None and not place.exists():
                _make(place)
            lines = place.read_bytes().split()
        except OSError as error:
            raise ConfigurationError(
                f"the keys in {place} cannot be read: {error.strerror}",
                hint=f"Make them with: {_MAKE} > {place}",
            ) from error
        return cls(tuple(lines), str(place))


def _body(sealed: str) -> bytes:
    return sealed.removeprefix(_MARK).encode()


def _make(place: Path) -> None:
    """A file with one new key. It appears whole or not at all; of two processes at once, one makes it."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):  # the other process was first, and its key is as good
            os.link(fresh, place)
    finally:
        fresh.unlink()
