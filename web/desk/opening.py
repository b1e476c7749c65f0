"""All of the desk, put into the room."""

from fastapi import FastAPI

from web.desk import channels, deliveries, feeding, subscriptions, teams, trying
from web.desk.api import ROUTERS
from web.desk.failing import add_handlers
from web.desk.signing import signing


def open_desk(app: FastAPI) -> None:
    """Its pages, its interface and its feeds. `app.state.desk` is the desk."""
    # What is tried comes before what has an id: /subscriptions/test is none.
    pages = (signing, trying.router, subscriptions.router, channels.router, deliveries.router, teams.router)
    for router in (*pages, feeding.router, *ROUTERS):
        app.include_router(router)
    add_handlers(app)
