"""The house a verb works in: settings, bucket, archive and catalogue, embedded where nothing else is configured."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from domain.errors import CatalogueError, EndpointDown
from domain.settings import Settings, settings

if TYPE_CHECKING:
    from catalogue import Catalogue
    from storage import Archive, Bucket


@dataclass(frozen=True)
class House:
    """What verbs share. The catalogue is opened, and brought to its newest form, when first asked for.

    What a verb does not use is not loaded: a short command should be quick.
    """

    settings: Settings
    keys: tuple[str, str] | None
    stack: ExitStack

    @cached_property
    def bucket(self) -> "Bucket":
        from pipeline.endpoints import admit
        from storage import connect

        bucket = connect(self.settings, self.keys)
        bucket.ensure()
        admit(bucket, self.settings, self.fence, embedded=self.keys is not None)
        return bucket

    @contextmanager
    def fence(self, name: str) -> Iterator[None]:
        """Alone among all that share the database while the block lasts: for stores that keep no conditions.

        Raises EndpointDown where the database is away.
        """
        try:
            with self.catalogue.lock(name):
                yield
        except CatalogueError as error:
            raise EndpointDown(f"{name}: no lock can be had: {error}", hint=error.hint) from error

    @cached_property
    def archive(self) -> "Archive":
        from storage import Archive

        return Archive(self.bucket)

    @cached_property
    def catalogue(self) -> "Catalogue":
        from catalogue import Catalogue

        assert self.settings.database is not None
        catalogue = self.stack.enter_context(Catalogue(self.settings.database))
        catalogue.upgrade()
        return catalogue


@contextmanager
def house() -> Iterator[House]:
    """Opens the house and, where no endpoint or no database is configured, the embedded servers for as long
    as it takes. Raises EndpointDown, CatalogueError, ConfigurationError."""
    chosen, keys = settings(), None
    with ExitStack() as stack:
        if chosen.s3_endpoint is None or chosen.database is None:
            from pipeline.embedded import embedded

            local = stack.enter_context(embedded(chosen.state))
            if chosen.s3_endpoint is None:
                chosen, keys = chosen.model_copy(update={"s3_endpoint": local.s3}), local.keys
            if chosen.database is None:
                chosen = chosen.model_copy(update={"database": local.database})
        yield House(chosen, keys, stack)
