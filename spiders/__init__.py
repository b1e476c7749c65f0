"""Fetch: Scrapy crawls that every site shares. One crawl shape: entries → list pages → articles, and rechecks.

What a spider fetches goes to a writer of storage/ (see `recording`); articles are read later, elsewhere.
"""
