"""Memento, RFC 7089: TimeGate, TimeMap and mementos at a dated address, over the captures of an address."""

from web.memento import gate, maps, showing
from web.memento.sharing import Sharing

ROUTERS = (gate.router, maps.router, showing.router)

__all__ = ["ROUTERS", "Sharing"]
