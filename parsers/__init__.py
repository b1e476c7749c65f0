"""Bytes to articles: charset, generic reader, platform readers, dates, bylines, document numbers."""

from parsers.explaining import explain
from parsers.reader import READER_VERSION, read

__all__ = ["READER_VERSION", "explain", "read"]
