"""One settings class, read from TONGJIAN_* in the environment."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator can set. Times in seconds unless said."""

    model_config = SettingsConfigDict(env_prefix="TONGJIAN_", frozen=True, extra="ignore")

    bucket: str = "tongjian"
    s3_endpoint: str | None = None
    s3_addressing: Literal["path", "virtual"] = Field("path", description="where the bucket's name is: path or host")
    database: str | None = None
    retention: str = Field("", description="Object Lock on evidence: 10y, 400d or COMPLIANCE:10y; none unless set")
    cold: str = Field("", description="CLASS:DAYS: the storage class that segments move to, and after how many days")
    fence: Literal["store", "database"] = Field("store", description="what keeps two writers apart on such a store")
    sites: str = Field("", description="further folders of site files, separated by ':'")
    connect_to: str = Field("", description="as curl's --connect-to: HOST:PORT:ADDR:PORT,…")
    now: datetime | None = None
    state: Path = Field(ROOT / "var", description="the one folder that holds local state")
    contact: str = Field("", description="an address or URL that site owners can reach you at")
    pace: float = Field(1.0, gt=0, description="how much faster than real time schedules run (demos, drills)")
    gone_after: int = Field(2, ge=1, description="missing answers in a row before a page counts as gone")
    web: str = Field("http://127.0.0.1:8400", description="where the reading room is, for links in messages")
    web_share: str = Field("", description="the origin whose scripts may read mementos and TimeMaps; '*' is any")
    smtp: str = Field("", description="the mail server that deliveries leave by: HOST:PORT, smtp:// or smtps://")
    smtp_password_file: Path | None = Field(None, description="the file of the password where smtp:// names a user")
    mail_from: str = "tongjian@localhost"
    keep_messages: int = Field(90, ge=0, description="days until delivered messages keep headings alone; 0 is for ever")
    webhook_allow: str = Field("", description="CIDRs, hosts or '*' that messages may go to though they are not public")
    secrets_key: Path | None = Field(None, description="the file of the keys that seal channels' addresses and secrets")
    signing_key: Path | None = Field(None, description="the file of the Ed25519 key that signs checkpoints")
    tsa: str = Field("", description="the address of an RFC 3161 time-stamping authority; none unless set")
    tsa_roots: Path | None = Field(None, description="PEM certificates that the authority's tokens are held against")

    @field_validator("now")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        from domain.clock import SHANGHAI

        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).astimezone(UTC)

    @property
    def key_file(self) -> Path:
        """Where the key that signs checkpoints is; public keys that are trusted lie beside it as *.pub.pem."""
        return self.signing_key or self.state / "keys" / "checkpoint.key"

    @property
    def sealing_file(self) -> Path:
        """Where the keys are that channels' addresses and secrets are sealed with."""
        return self.secrets_key or self.state / "keys" / "secrets.key"

    @property
    def site_folders(self) -> tuple[Path, ...]:
        return tuple(Path(part).expanduser() for part in self.sites.split(":") if part)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once. Tests call `settings.cache_clear()` after changing the environment."""
    return Settings()
