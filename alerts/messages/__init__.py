"""What people read: a payload as an e-mail, as plain text, as Markdown; shortened and split to what a channel takes."""

from alerts.messages.digests import digest
from alerts.messages.fitting import shorten, split
from alerts.messages.rendered import Dialect, Rendered
from alerts.messages.rendering import render
from alerts.messages.words import Language

__all__ = ["Dialect", "Language", "Rendered", "digest", "render", "shorten", "split"]
