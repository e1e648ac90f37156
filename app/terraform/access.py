"""Whom the provider calls, and as whom: by its configuration or by the environment.

A token goes to the address that stands beside it: one of the environment is not sent to an address
of the configuration, unless the environment has the same, and the other way round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.client.addresses import endpoint, is_allowed
from app.client.errors import InvalidUrl
from app.terraform.diagnostics import Problem
from app.terraform.values import is_given, is_unknown

URL, TOKEN, ALLOW_HTTP = "APPUSERS_URL", "APPUSERS_TOKEN", "APPUSERS_ALLOW_HTTP"


@dataclass(frozen=True)
class Access:
    """An address, and what is sent there."""

    url: str
    token: str = field(repr=False)
    allow_http: bool


def chosen(config: Mapping[str, Any], environment: Mapping[str, str]) -> Access:
    """Return what the configuration says, or else the environment.

    Raises Problem where the two would be mixed, or one of address and token is missing.
    """
    for name in ("url", "token", "allow_http"):
        if is_unknown(config[name]):
            raise Problem(
                "The provider's configuration is not known yet",
                f"`{name}` depends on what is not created yet. Create that first, with -target.",
                name,
            )
    url, token = environment.get(URL) or None, environment.get(TOKEN) or None
    is_http_allowed = is_allowed(environment.get(ALLOW_HTTP, ""))
    if is_given(config["allow_http"]):
        is_http_allowed = bool(config["allow_http"])
    if config["url"] and config["token"]:
        url, token = config["url"], config["token"]
    elif config["url"]:
        if token is None:
            raise Problem(
                "The provider has no token",
                f"Set `token`, or {TOKEN} together with {URL}.",
                "token",
            )
        if not _is_same(config["url"], url):
            raise Problem(
                "The token of the environment is not for this address",
                f"`url` stands in the configuration and the token in {TOKEN}. It is sent there only"
                f" if {URL} names the same address: set {URL} to it, or set `token` too.",
                "url",
            )
    elif config["token"]:
        raise Problem(
            "The provider has a token and no address for it",
            f"`token` stands in the configuration. It is not sent to the address of {URL}: set"
            " `url` too.",
            "token",
        )
    if url is None or token is None:
        raise Problem(
            "The provider knows no service",
            f"Set {URL} and {TOKEN}, or `url` and `token` of the provider.",
        )
    return Access(_checked(url, allow_http=is_http_allowed), token, is_http_allowed)


def _is_same(one: str, other: str | None) -> bool:
    try:
        return other is not None and endpoint(one, allow_http=True) == endpoint(
            other, allow_http=True
        )
    except InvalidUrl:
        return False


def _checked(url: str, *, allow_http: bool) -> str:
    # What has not the shape of an address may be the token, and is not repeated.
    if not url.strip().startswith(("http://", "https://")):
        raise Problem(
            "The address is not that of a service",
            "Write it like https://tokens.example.com.",
            "url",
        )
    try:
        return endpoint(url, allow_http=allow_http)
    except InvalidUrl as error:
        detail = str(error).replace("APPUSERS_ALLOW_HTTP=true", "allow_http = true")
        raise Problem("The address is not that of a service", detail, "url") from None
