"""Mentions in Chinese text, found by rules alone: amounts, percentages, dates, deadlines, posts, agencies, places."""

from parsers.mentions.changes import changed
from parsers.mentions.finding import find

__all__ = ["changed", "find"]
