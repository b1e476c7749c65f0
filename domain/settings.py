"""One settings class, read from TONGJIAN_* in the environment."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator can set. Times in seconds unless said."""

    model_config = SettingsConfigDict(env_prefix="TONGJIAN_", frozen=True, extra="ignore")

    bucket: str = "tongjian"
    s3_endpoint: str | None = None
    database: str | None = None
    sites: str = Field("", description="further folders of site files, separated by ':'")
    connect_to: str = Field("", description="as curl's --connect-to: HOST:PORT:ADDR:PORT,…")
    now: datetime | None = None
    state: Path = Field(ROOT / "var", description="the one folder that holds local state")
    contact: str = Field("", description="an address or URL that site owners can reach you at")
    pace: float = Field(1.0, gt=0, description="how much faster than real time schedules run (demos, drills)")
    gone_after: int = Field(2, ge=1, description="missing answers in a row before a page counts as gone")
    web: str = Field("http://127.0.0.1:8400", description="where the reading room is, for links in messages")
    smtp: str = Field("", description="HOST:PORT of the mail server that deliveries leave by")
    mail_from: str = "tongjian@localhost"

    @field_validator("now")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        from domain.clock import SHANGHAI

        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).astimezone(UTC)

    @property
    def site_folders(self) -> tuple[Path, ...]:
        return tuple(Path(part).expanduser() for part in self.sites.split(":") if part)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once. Tests call `settings.cache_clear()` after changing the environment."""
    return Settings()
