"""The newest checkpoint that this machine has seen, kept outside of the bucket: who can write to the bucket cannot
make this machine believe an older or another one."""

from pathlib import Path

from domain.errors import ConfigurationError, IntegrityError
from domain.settings import Settings
from storage.proofs.checkpoint import Signed, parse


def _file(settings: Settings) -> Path:
    return settings.state / "checkpoints" / f"{settings.bucket}.txt"


def remembered(settings: Settings) -> Signed | None:
    """What was seen last; None where nothing was. Raises ConfigurationError where the file is none of ours."""
    path = _file(settings)
    return read(path) if path.exists() else None


def read(path: Path) -> Signed:
    """The checkpoint in a file. Raises ConfigurationError."""
    try:
        return parse(path.read_bytes(), str(path))
    except (OSError, IntegrityError) as error:
        raise ConfigurationError(
            f"{path}: no checkpoint: {error}", hint="Write one with: tongjian checkpoint --save FILE"
        ) from error


def write(path: Path, signed: Signed) -> None:
    """Writes a checkpoint as it lies in the bucket, whole or not at all. Raises ConfigurationError."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(signed.data)
        part.replace(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: the checkpoint cannot be written: {error}") from error


def remember(settings: Settings, signed: Signed) -> None:
    """Keeps the newest checkpoint."""
    write(_file(settings), signed)
