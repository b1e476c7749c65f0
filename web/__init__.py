"""Show: the reading room. Changes as they come, an address through time, differences, captures as served."""

from web.app import create

__all__ = ["create"]
