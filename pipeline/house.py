"""The house a verb works in: settings, bucket, archive and catalogue, embedded where nothing else is configured."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property

from catalogue import Catalogue
from domain.settings import Settings, settings
from pipeline.embedded import embedded
from storage import Archive, Bucket, connect


@dataclass(frozen=True)
class House:
    """What verbs share. The catalogue is opened, and brought to its newest form, when first asked for."""

    settings: Settings
    bucket: Bucket
    stack: ExitStack

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.bucket)

    @cached_property
    def catalogue(self) -> Catalogue:
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
            local = stack.enter_context(embedded(chosen.state))
            if chosen.s3_endpoint is None:
                chosen, keys = chosen.model_copy(update={"s3_endpoint": local.s3}), local.keys
            if chosen.database is None:
                chosen = chosen.model_copy(update={"database": local.database})
        bucket = connect(chosen, keys)
        bucket.ensure()
        yield House(chosen, bucket, stack)
