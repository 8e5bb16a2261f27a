"""Every setting there is, typed, in one place, read from the environment and checked at start."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """The product's settings. The name in the environment is the field's name in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str = Field(
        description="PostgreSQL 18 or newer, as the app uses it. The app always acts as the role "
        "`pim_app`, which owns nothing; the login may be that role or a member of it.",
    )
    database_owner_url: str | None = Field(
        default=None,
        description="PostgreSQL as the owner of the tables, used by `pim migrate` alone. "
        "Default: `DATABASE_URL`.",
    )
    redis_url: str = Field(description="Redis or Valkey with `noeviction`, for queues and limits.")
    clickhouse_url: str = Field(
        description="ClickHouse over HTTP: `http://user:password@host:8123/database`.",
    )
    clickhouse_cluster: str | None = Field(
        default=None, description="Name of a ClickHouse cluster: tables are made replicated on it."
    )
    secret_key: SecretStr = Field(
        description="At least 32 characters, kept secret: signs form tokens.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="The address people use. With `https://`, cookies are marked Secure.",
    )
    trusted_hosts: str = Field(
        default="",
        description="Host names the server answers to, separated by commas. Default: any on a "
        "laptop; set it in production.",
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="How many reverse proxies stand in front of the server."
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address the web server listens on; `0.0.0.0` for all of the machine's.",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="Port of the web server.")
    pim_home: Path = Field(
        default=Path(".pim"),
        description="Folder of the embedded services' data, logs and uploaded files.",
    )
    storage_dir: Path | None = Field(
        default=None, description="Folder for uploaded files. Default: `$PIM_HOME/files`."
    )
    storage_url: str | None = Field(
        default=None,
        description="`s3://bucket/prefix`: keep uploaded files in S3 instead, or in anything that "
        "speaks its protocol. What lies below the prefix belongs to this installation alone.",
    )
    storage_endpoint: str | None = Field(
        default=None,
        description="Address of a service other than Amazon's that speaks the S3 protocol.",
    )
    storage_region: str | None = Field(default=None, description="Region of the bucket.")
    storage_access_key: SecretStr | None = Field(
        default=None,
        description="Access key id for S3. Default: what AWS's own variables, files or roles give.",
    )
    storage_secret_key: SecretStr | None = Field(
        default=None, description="The secret that belongs to `STORAGE_ACCESS_KEY`."
    )
    import_file_days: int = Field(
        default=7,
        ge=0,
        le=3650,
        description="Days an uploaded file is kept after its import is over; then it is removed.",
    )
    import_unconfirmed_days: int = Field(
        default=2,
        ge=1,
        le=365,
        description="Days after which a file whose import was never started is removed.",
    )
    import_url_seconds: int = Field(
        default=60,
        ge=1,
        le=100,
        description="Most seconds that fetching a file from a web address may take.",
    )
    import_url_bytes: int = Field(
        default=10**9,
        ge=1024,
        description="Largest file that is fetched from a web address, in bytes.",
    )
    import_url_hosts: str = Field(
        default="",
        description="Hosts of your own network that files may be fetched from, as `host` or "
        "`host:port`, separated by commas. All others have to be on the public internet.",
    )
    remote_pictures: bool = Field(
        default=False,
        description="Show pictures that lie on other sites in the catalog. Those sites then see "
        "who looks.",
    )
    web_threads: int = Field(default=8, ge=1, le=128, description="Threads of the web server.")
    database_pool_size: int = Field(
        default=10, ge=1, le=200, description="PostgreSQL connections a process keeps open."
    )
    session_days: int = Field(
        default=14, ge=1, le=365, description="Days after which an unused sign-in ends."
    )
    sign_in_attempts: str = Field(
        default="10/minute",
        description="How often a sign-in may be tried per account; per address ten times as often.",
    )
    api_rate_limit: str = Field(
        default="6000/minute", description="How many API requests a token may make."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Token that `/metrics` asks for (`Authorization: Bearer …`). Without it, "
        "only this machine may read the metrics.",
    )
    pim_max_upload_bytes: int = Field(
        default=4096 * MEBIBYTE, ge=1024, description="Largest file that may be uploaded, in bytes."
    )
    pim_max_unpacked_bytes: int = Field(
        default=16 * 1024 * MEBIBYTE,
        ge=1024,
        description="How much a gzip or zip file may hold, unpacked, in bytes.",
    )
    pim_max_unpacked_ratio: int = Field(
        default=200,
        ge=10,
        le=10_000,
        description="How many times its own size a gzip or zip file may unpack to, beyond 64 MB.",
    )
    pim_max_body_bytes: int = Field(
        default=32 * MEBIBYTE, ge=1024, description="Largest body of any other request, in bytes."
    )
    anthropic_api_key: SecretStr | None = Field(
        default=None,
        description="Key for Claude: suggestions and rules from descriptions. Without it, the "
        "built-in rules suggest.",
    )
    anthropic_base_url: str | None = Field(
        default=None, description="Another address of the Messages API, for example a gateway."
    )
    pim_ai_model: str | None = Field(
        default=None,
        description="Model that suggests schema and mapping. Default: the newest Claude Haiku the "
        "installed SDK knows.",
    )
    pim_ai_timeout_seconds: float = Field(
        default=10.0,
        gt=0,
        le=60,
        description="How long Claude may take; then the built-in rules suggest.",
    )
    import_chunk_rows: int = Field(
        default=50_000, ge=100, le=500_000, description="Most rows an import writes at once."
    )
    import_stalled_seconds: int = Field(
        default=12, ge=5, le=600, description="Silence after which an import is taken over."
    )
    import_turn_seconds: int = Field(
        default=10,
        ge=0,
        le=3600,
        description="After so long an import makes room for others that no worker is free for; "
        "it goes on later.",
    )
    segment_query_seconds: int = Field(
        default=30,
        ge=1,
        le=600,
        description="Most seconds that one query of computing a segment may take.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged."
    )
    log_format: Literal["json", "text"] = Field(
        default="json", description="Logs as JSON lines or as text."
    )

    @field_validator("secret_key")
    @classmethod
    def _secret_is_long(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError("SECRET_KEY needs at least 32 characters")
        return value

    @field_validator("import_url_hosts")
    @classmethod
    def _hosts_are_hosts(cls, value: str) -> str:
        for each in filter(None, (part.strip() for part in value.split(","))):
            if not re.fullmatch(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", each):
                raise ValueError(f"IMPORT_URL_HOSTS: {each} is neither host nor host:port")
        return value

    @field_validator("storage_url")
    @classmethod
    def _storage_is_a_bucket(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "s3://none")
        if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or parts.query:
            raise ValueError("STORAGE_URL reads s3://bucket/prefix, without keys in it")
        return value or None

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _speaks_psycopg(cls, value: str | None) -> str | None:
        """Accept the usual `postgresql://` and choose the driver ourselves."""
        if value is None:
            return None
        for prefix in ("postgresql://", "postgres://", "postgresql+psycopg://"):
            if value.startswith(prefix):
                return "postgresql+psycopg://" + value.removeprefix(prefix)
        raise ValueError("the database address starts with postgresql://")

    @property
    def owner_url(self) -> str:
        """The address `pim migrate` uses."""
        return self.database_owner_url or self.database_url

    @property
    def files_dir(self) -> Path:
        """Where uploaded files are kept."""
        return self.storage_dir or self.pim_home / "files"

    @property
    def secure_cookies(self) -> bool:
        """Whether the public address is https."""
        return self.public_url.startswith("https://")


@lru_cache
def get_settings() -> Settings:
    """Read the environment once; raises pydantic.ValidationError that names each bad setting."""
    return Settings()  # type: ignore[call-arg]  # required fields come from the environment
