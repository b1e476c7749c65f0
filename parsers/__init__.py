"""Bytes to articles: charset, generic reader, platform readers, dates, bylines, document numbers."""

from parsers.reader import READER_VERSION, read

__all__ = ["READER_VERSION", "read"]
