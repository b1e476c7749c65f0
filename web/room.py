"""What every page of the reading room works with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request
from starlette.templating import Jinja2Templates

from catalogue import Catalogue
from domain.health import Standing
from domain.site import Site
from storage import Archive


class Span(Protocol):
    """One piece of text that stayed, went or came: `op` is equal, delete or insert."""

    @property
    def op(self) -> str: ...

    @property
    def text(self) -> str: ...


Characters = Callable[[str, str], Sequence[Span]]
Health = Callable[[], Mapping[str, Standing]]


@dataclass(frozen=True, slots=True)
class Room:
    """`sites` are those configured, by name: their titles, and how often they are to run. `health` says how sites
    stand, by name; nothing of those that nobody looked at."""

    catalogue: Catalogue
    archive: Archive
    characters: Characters
    sites: Mapping[str, Site]
    templates: Jinja2Templates
    health: Health = field(default=dict)

    def title(self, site: str) -> str:
        """A site's own title where its file is known, else its name."""
        known = self.sites.get(site)
        return known.title if known else site


async def _room(request: Request) -> Room:
    room: Room = request.app.state.room
    return room


InRoom = Annotated[Room, Depends(_room)]
