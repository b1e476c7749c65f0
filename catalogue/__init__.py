"""What is known: pages, captures, articles, versions and changes in PostgreSQL, rebuilt from the bucket."""

from catalogue.connection import engine
from catalogue.facade import Catalogue
from catalogue.kinds import PageState, Progress, Reading

__all__ = ["Catalogue", "PageState", "Progress", "Reading", "engine"]
