"""Where the tests' S3 server is."""

from dataclasses import dataclass

from domain.settings import Settings
from storage import Bucket, connect


@dataclass(frozen=True)
class Endpoint:
    """Where SeaweedFS is, and its keys."""

    address: str
    keys: tuple[str, str]

    def bucket(self, name: str, *, through: str | None = None, attempts: int = 3) -> Bucket:
        return connect(Settings(s3_endpoint=through or self.address, bucket=name), self.keys, attempts=attempts)
