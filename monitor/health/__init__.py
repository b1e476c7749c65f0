"""A site's health: quiet or broken? Pure: what is counted comes from the catalogue, what is said goes to it."""

from monitor.health.arriving import SPANS
from monitor.health.expecting import check
from monitor.health.orders import in_force
from monitor.health.standing import JUDGED, Facts, latest, standing
from monitor.health.states import overdue, patience

__all__ = ["JUDGED", "SPANS", "Facts", "check", "in_force", "latest", "overdue", "patience", "standing"]
