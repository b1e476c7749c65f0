"""Where we look: one file a site. No registry: a file in sites/ or in a folder of TONGJIAN_SITES is a site.

A file `shandong_commerce.py` defines `SITE = Site(name="shandong-commerce", …)`. Files whose names begin
with `_` are not sites.
"""

import hashlib
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from domain.errors import ConfigurationError
from domain.settings import settings
from domain.site import Site
from sites._scaffold import scaffold

__all__ = ["get", "load", "scaffold"]

_OWN = Path(__file__).resolve().parent


def load(folders: Sequence[Path] | None = None) -> Mapping[str, Site]:
    """All sites by name, in order of name: those of sites/ and of `folders` (TONGJIAN_SITES when None).

    Raises ConfigurationError, naming the file, for one that cannot be imported, defines no SITE, is named
    otherwise than its site, or repeats another's name.
    """
    found: dict[str, tuple[Path, Site]] = {}
    for path in _files(folders):
        site = _site(path)
        if site.name in found:
            raise ConfigurationError(
                f"{path}: site «{site.name}» is defined in {found[site.name][0]} already",
                hint="Rename one of the two files and its site.",
            )
        found[site.name] = (path, site)
    return {name: found[name][1] for name in sorted(found)}


def get(name: str, folders: Sequence[Path] | None = None) -> Site:
    """The site of that name. Raises ConfigurationError where there is none or its file is wrong."""
    wanted = f"{name.replace('-', '_')}.py"
    paths = [path for path in _files(folders) if path.name == wanted]
    if not paths:
        known = ", ".join(sorted(path.stem.replace("_", "-") for path in _files(folders)))
        raise ConfigurationError(f"no site «{name}»", hint=f"Known are: {known}.")
    if len(paths) > 1:
        raise ConfigurationError(f"{paths[1]}: site «{name}» is defined in {paths[0]} already")
    return _site(paths[0])


def _files(folders: Sequence[Path] | None) -> Iterator[Path]:
    for folder in (_OWN, *(settings().site_folders if folders is None else folders)):
        if not folder.is_dir():
            raise ConfigurationError(f"{folder} is no folder of site files", hint="Correct TONGJIAN_SITES.")
        yield from sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))


def _site(path: Path) -> Site:
    site = getattr(_module(path), "SITE", None)
    if not isinstance(site, Site):
        raise ConfigurationError(
            f"{path}: defines no SITE", hint="Write SITE = Site(name=…); see docs/adding-a-site.md."
        )
    expected = path.stem.replace("_", "-")
    if site.name != expected:
        raise ConfigurationError(
            f"{path}: its site is named «{site.name}», its file says «{expected}»",
            hint=f"Name the file {site.name.replace('-', '_')}.py or the site {expected}.",
        )
    return site


def _module(path: Path) -> ModuleType:
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    spec = importlib.util.spec_from_file_location(f"tongjian_site_{place}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"{path}: cannot be imported as Python")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ConfigurationError(
            f"{path}: {type(error).__name__}: {error}", hint="Correct the file; see docs/adding-a-site.md."
        ) from error
    return module
