"""Wires the reading room: web/ shows, monitor/ tells two texts apart, alerts/ keeps the subscriptions."""

from functools import partial

from fastapi import FastAPI

from monitor.differences import characters
from pipeline.desking import desk
from pipeline.health import shown
from pipeline.house import House
from sites import load
from web.app import create


def reading_room(house: House) -> FastAPI:
    """The application that uvicorn serves."""
    health = partial(shown, house)
    return create(house.catalogue, house.archive, characters, sites=load(), health=health, desk=desk(house))
