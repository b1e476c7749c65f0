"""Addresses as pages write them: absolute, or none."""

from urllib.parse import urlsplit

from domain.urls import absolute


def safe_absolute(base: str, href: str) -> str | None:
    """An absolute http address, or None for scripts, mail, data and what is no address."""
    try:
        target = absolute(base, href)
        if urlsplit(target).port == 0:  # asking is what finds a port that is none
            return None
    except ValueError:
        return None
    return target if target.startswith(("http://", "https://")) else None


def path_and_query(href: str) -> tuple[str, str]:
    """Both parts of an address; empty where it is none."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return "", ""
    return parts.path, parts.query
