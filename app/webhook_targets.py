"""Where webhooks may go: the rules of an endpoint's URL, and of the addresses that it leads to.

A URL is checked when it is written, as far as it says where it leads. What a name resolves to is
checked by ``app.webhook_connections``, at every connection.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from urllib.parse import urlsplit

from app import addresses, token_format
from app.addresses import Address
from app.bounds import Network
from app.errors import Code
from app.inputs import Problems

URL_LENGTH = 2048
_HOST = re.compile(r"[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*\.?")
_PORTS = {"http": 80, "https": 443}

# The registries of special-purpose addresses of IANA, and what is multicast or reserved.
_PRIVATE_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ),
    )
)
# IPv6 has one block of public addresses; these parts of it are tunnels into IPv4, documentation and
# the like.
_PUBLIC_IPV6 = IPv6Network("2000::/3")
_PRIVATE_IPV6 = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"))
)
# What a network without IPv4 reaches public IPv4 by, RFC 6052.
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Location:
    """The parts of an endpoint's URL."""

    scheme: str
    host: str
    """Without the brackets of an IPv6 address."""
    port: int
    path: str
    """With the query."""

    @property
    def origin(self) -> str:
        """The part before the path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class TargetRules:
    """Where the operator lets webhooks go, beside public addresses by https."""

    allow_http: bool = False
    allowed_networks: tuple[Network, ...] = ()

    def allow(self, address: Address) -> bool:
        """Tell whether an address may be connected to."""
        inner = _unwrapped(address)
        if addresses.inside(inner, self.allowed_networks):
            return True
        if isinstance(inner, IPv4Address):
            return not addresses.inside(inner, _PRIVATE_IPV4)
        return inner in _PUBLIC_IPV6 and not addresses.inside(inner, _PRIVATE_IPV6)

    def allow_scheme(self, scheme: str) -> bool:
        """Tell whether a scheme may be used."""
        return scheme == "https" or (scheme == "http" and self.allow_http)


PUBLIC_HTTPS = TargetRules()


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address


def url(problems: Problems, path: str, value: str | None, rules: TargetRules) -> str:
    """Return the URL of an endpoint, as it was written."""
    if value is None:
        problems.add(path, Code.REQUIRED, f"{path} cannot be null.")
        return ""
    if not value:
        problems.add(path, Code.TOO_SHORT, f"{path} cannot be empty.")
    elif len(value) > URL_LENGTH:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {URL_LENGTH} characters.")
    elif not (value.isascii() and value.isprintable()) or " " in value or "\\" in value:
        problems.add(
            path,
            Code.INVALID_CHARACTER,
            f"{path} takes visible ASCII characters; write others percent-encoded, and in the host"
            " in Punycode.",
        )
    elif token_format.is_in(value):
        problems.add(
            path, Code.NOT_ALLOWED, f"{path} holds an access token, which is stored nowhere."
        )
    else:
        wrong = _wrong_with(value, rules)
        if wrong:
            problems.add(path, Code.NOT_ALLOWED, f"{path} {wrong}")
    return value


def locate(value: str) -> Location:
    """Return the parts of a URL. Raises ValueError that says what is wrong with it."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    is_address = addresses.parse(host) is not None
    if parts.scheme not in _PORTS or not (is_address or _HOST.fullmatch(host)):
        raise ValueError("is not a URL such as https://hooks.example.com/path.")
    if parts.username is not None:
        raise ValueError("cannot hold a user name or password; deliveries are signed instead.")
    if "#" in value:
        raise ValueError("cannot have a fragment, the part behind #: it is never sent.")
    if port == 0:
        raise ValueError("cannot have port 0.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Location(parts.scheme, host, port or _PORTS[parts.scheme], path)


def _wrong_with(value: str, rules: TargetRules) -> str | None:
    try:
        location = locate(value)
    except ValueError as error:
        return str(error)
    if not rules.allow_scheme(location.scheme):
        return "has to begin with https://."
    literal = _literal(location.host)
    if literal is not None and not rules.allow(literal):
        return "leads to an address that is not public, and that the operator did not allow."
    return None


def _literal(host: str) -> Address | None:
    """Return the address that a host stands for in whatever spelling, None for other names."""
    bare = host.rstrip(".").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return IPv4Address("127.0.0.1")
    try:
        # What the resolver takes for an address: decimal, octal and hexadecimal ones, and short.
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return addresses.parse(bare)
