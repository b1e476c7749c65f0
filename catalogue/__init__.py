"""What is known: pages, captures, articles, versions and changes in PostgreSQL, rebuilt from the bucket."""

from catalogue.connection import engine
from catalogue.facade import Catalogue
from catalogue.kinds import Memento, Neighbours, PageState, Progress, Reading, TimeMapPage

__all__ = ["Catalogue", "Memento", "Neighbours", "PageState", "Progress", "Reading", "TimeMapPage", "engine"]
