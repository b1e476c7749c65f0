"""The desk for scripts: JSON, with a bearer token (docs/api.md)."""

from web.desk.api import channels, deliveries, subscriptions, teams, trying

ROUTERS = (trying.router, subscriptions.router, channels.router, deliveries.router, teams.router)
