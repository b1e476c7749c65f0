"""Scrapy settings for `scrapy list` and friends; real runs are made by `python -m pipeline capture`."""

from domain.settings import settings
from spiders.configuration import base

globals().update(base(settings()))
