"""The servers one machine needs, from wheels: SeaweedFS for S3, PostgreSQL; shared by every command that runs."""

from pipeline.embedded.shared import embedded

__all__ = ["embedded"]
