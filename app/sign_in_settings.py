"""The settings of the identity provider: whose JWTs are accepted, and how the console gets one.

They are read with all others, by ``app.settings``.
"""

import re
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode

from app.urls import check_issuer

_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}")
_SCOPES = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*")
"""RFC 6749, section 3.3."""


class SignInSettings(BaseSettings):
    """What an operator can set of it."""

    oidc_issuer: str | None = Field(
        None, description="Issuer of the identity provider that signs people in."
    )
    oidc_audience: str = Field(
        "application-users", description="Audience that a person's JWT must name."
    )
    oidc_algorithms: Annotated[tuple[str, ...], NoDecode] = Field(
        ("RS256", "ES256"), description="Signature algorithms that a JWT may use."
    )
    oidc_client_id: str | None = Field(
        None,
        description="The console's id at the identity provider, where it is a public client with"
        " the redirect URI …/console/signed-in. Unset: people paste a token to sign in.",
    )
    oidc_scopes: str = Field(
        "openid", description="Scopes that the console asks the provider for, openid among them."
    )

    @property
    def console_sends_id_token(self) -> bool:
        """Tell which JWT of the provider's is for this service: an ID token is for the client."""
        return self.oidc_client_id == self.oidc_audience

    @field_validator("oidc_algorithms", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return split(value)

    @field_validator("oidc_algorithms")
    @classmethod
    def _asymmetric(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # A symmetric algorithm would take the provider's public key for a shared secret.
        known = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"}
        if not value or set(value) - known:
            raise ValueError(f"choose from {', '.join(sorted(known))}")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        if value:
            check_issuer(value)
        return value or None

    @field_validator("oidc_client_id")
    @classmethod
    def _client(cls, value: str | None) -> str | None:
        if value and not _CLIENT_ID.fullmatch(value):
            raise ValueError("a client id is up to 255 ASCII characters without a space")
        return value or None

    @field_validator("oidc_scopes")
    @classmethod
    def _openid(cls, value: str) -> str:
        if not _SCOPES.fullmatch(value) or "openid" not in value.split(" "):
            raise ValueError("scopes are such as `openid profile`: openid, and a space between two")
        return value


def split(value: object) -> object:
    """Return the parts of a text with commas; anything else as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value
