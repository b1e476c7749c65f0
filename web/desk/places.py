"""Which addresses are the desk's, and what may be asked of them."""

READING = ["GET", "HEAD"]
PAGES = ("/sign-in", "/sign-out", "/subscriptions", "/channels", "/deliveries", "/teams")
INTERFACE = ("/api/subscriptions", "/api/channels", "/api/deliveries", "/api/teams")
FEEDS = "/feeds/"


def is_page(path: str) -> bool:
    return any(_under(path, root) for root in PAGES)


def is_interface(path: str) -> bool:
    return any(_under(path, root) for root in INTERFACE)


def methods(path: str) -> list[str]:
    """What this address may be asked with, by anybody at all."""
    if is_interface(path):
        return [*READING, "POST", "PUT", "PATCH", "DELETE"]
    return [*READING, "POST"] if is_page(path) else READING


def loggable(path: str) -> str:
    """A path without the token of a feed in it."""
    return f"{FEEDS}…" if path.startswith(FEEDS) else path


def _under(path: str, root: str) -> bool:
    return path == root or path.startswith(root + "/")
