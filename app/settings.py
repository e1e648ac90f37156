"""Configuration: the only reader of the environment.

Each variable is described by its field; ``NAME_FILE`` may name a file that holds the value of a
secret one.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from app.sign_in_settings import SignInSettings, split
from app.token_format import parse_peppers
from app.urls import check_database_url, check_origin, http_address


class SettingsError(Exception):
    """The environment does not make sense; one line for each variable."""


class Settings(SignInSettings):
    """What an operator can set. Durations are in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(
        env_prefix="APPUSERS_",
        # What .env files and compose leave empty is not set.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL URL of the serving role. Unset: the embedded PostgreSQL.",
    )
    migration_database_url: SecretStr | None = Field(
        None, description="PostgreSQL URL of the owner of the tables, for `appusers migrate`."
    )
    pepper: SecretStr | None = Field(
        None,
        description="Key of the stored token digests: 32 characters or more, for example from"
        " `openssl rand -hex 32`. To change it `1:OLD,2:NEW` on every node, then `2:NEW,1:OLD`: the"
        " first makes new digests.",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("application-users", appauthor=False),
        description="Folder of the embedded PostgreSQL and its pepper.",
    )
    host: str = Field("127.0.0.1", description="Address that `appusers serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `appusers serve` listens on.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve.")
    database_connections: int = Field(
        8, ge=1, le=100, description="Connections to PostgreSQL, for each worker."
    )
    json_logs: bool = Field(False, description="Log a JSON object a line, for machines.")
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="Least level that is logged."
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (),
        description="Networks of proxies whose X-Forwarded-For is believed, comma-separated.",
    )
    public_url: str | None = Field(
        None,
        description="Origin at which clients reach this service, such as"
        " https://tokens.example.com: the issuer that introspection and metadata name. Unset: the"
        " address that it listens on, which is none where that is a wildcard such as 0.0.0.0.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Origins of front ends elsewhere, such as https://admin.example.com, whose"
        " browsers may call this service, comma-separated.",
    )
    activity_flush_seconds: float = Field(
        5.0, gt=0, le=60, description="How often uses of tokens are written, in seconds."
    )
    last_used_resolution_seconds: float = Field(
        60.0,
        ge=0,
        le=3600,
        description="A use from the same address and program within this time of the last use"
        " recorded does not move that one. Every use is counted in the history.",
    )
    activity_retention_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="How many days the history of uses goes back; days are in UTC.",
    )
    sweep_seconds: float = Field(
        3600.0,
        ge=0,
        le=86_400,
        description="How often each worker looks for unused tokens that a policy deactivates or"
        " revokes; 0: never, `appusers sweep --apply` does it.",
    )
    webhook_poll_seconds: float = Field(
        2.0,
        ge=0,
        le=3600,
        description="How often each worker looks for webhook deliveries that are due; 0: never.",
    )
    webhook_allow_http: bool = Field(
        False, description="Let webhooks be sent by http, for development."
    )
    webhook_allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (),
        description="Networks that webhooks may reach although they are not public,"
        " comma-separated.",
    )
    expiry_warning_seconds: float = Field(
        3600.0,
        ge=0,
        le=86_400,
        description="How often each worker looks for tokens that expire in 30, 7 or 1 days; 0:"
        " never.",
    )
    bulk_revocations_per_minute: int = Field(
        10,
        ge=0,
        le=10_000,
        description="How many lists of found tokens each worker takes from one address in a minute;"
        " 0: /credentials/revoke is not served.",
    )
    failed_requests_per_minute: int = Field(
        120,
        ge=0,
        le=1_000_000,
        description="How many refused credentials each worker answers 401 from one address in a"
        " minute, and how many texts at /revoke that end no token; further ones are answered 429,"
        " and a good token always gets in; 0: any number.",
    )
    mutations_per_minute: int = Field(
        600,
        ge=0,
        le=1_000_000,
        description="How many mutations each worker takes from one user in a minute, whatever its"
        " tokens; 0: any number.",
    )
    metrics_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")),
        description="Networks that may read /metrics, comma-separated; none: nobody.",
    )
    console: bool = Field(True, description="Serve the console to people, at /console.")
    graphiql: bool = Field(
        True, description="Serve GraphiQL to people who open /graphql in a browser."
    )
    traces: bool = Field(
        False,
        description="Send traces by OpenTelemetry, as the standard OTEL_ variables say; takes the"
        " extra `otel`.",
    )
    catalogue_file: Path | None = Field(
        None,
        description="TOML file of roles, permissions and scopes that an operator adds to those of"
        " app/catalogue.toml.",
    )

    @property
    def issuer(self) -> str:
        """Who says what is said of tokens: RFC 8414, section 2."""
        return self.public_url or http_address(self.host, self.port)

    @property
    def issuer_is_nowhere(self) -> bool:
        """Tell whether the issuer is a wildcard address, which no client can connect to."""
        if self.public_url is not None:
            return False
        try:
            return ip_address(self.host).is_unspecified
        except ValueError:
            return False

    @field_validator(
        "trusted_proxies",
        "allowed_origins",
        "webhook_allowed_networks",
        "metrics_networks",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return split(value)

    @field_validator("metrics_networks", mode="before")
    @classmethod
    def _nobody(cls, value: object) -> object:
        # What is left empty is not set.
        return "" if value == "none" else value

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            check_origin(origin, "https://admin.example.com")
        return value

    @field_validator("public_url")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        if value is not None:
            check_origin(value, "https://tokens.example.com")
        return value

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check_database_url(value.get_secret_value())
        return value

    @field_validator("pepper")
    @classmethod
    def _pepper(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse_peppers(value.get_secret_value())
        return value


def load(**overrides: Any) -> Settings:
    """Read the environment; ``overrides`` win. Raises SettingsError, never with a secret in it."""
    values = _from_files() | {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**values)  # pyright: ignore[reportArgumentType]
    except ValidationError as error:
        lines = [
            f"{_variable(str(problem['loc'][0]))}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None


def _variable(name: str) -> str:
    bare = name.lower().removeprefix("appusers_")
    return "DATABASE_URL" if bare == "database_url" else "APPUSERS_" + bare.upper()


def _from_files() -> dict[str, str]:
    values: dict[str, str] = {}
    for field in ("database_url", "migration_database_url", "pepper"):
        variable = _variable(field)
        path = os.environ.get(variable + "_FILE")
        if not path:
            continue
        if os.environ.get(variable):
            raise SettingsError(f"Set {variable} or {variable}_FILE, not both.")
        try:
            values[field] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{variable}_FILE: {error}") from None
    return values


def hand_down(options: Settings, address: str) -> None:
    """Put what the command line decided, and where it listens, into the workers' environment."""
    os.environ["APPUSERS_JSON_LOGS"] = str(options.json_logs).lower()
    os.environ["APPUSERS_PUBLIC_URL"] = options.public_url or address


def share_metrics(folder: str) -> None:
    """Have the workers that are started from here on count into a folder."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder


def metrics_folder() -> Path:
    """Return the folder that this worker counts into, where workers share one."""
    return Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
