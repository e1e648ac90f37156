"""Who may do what: principals, permissions, scopes, and the proofs that services ask for.

Permissions are strings granted on a resource. They are cumulative, there is no deny. A request's
authority is what its user was granted, cut down to the scopes of its token. A proof is a value
that only this module makes: a service that acts for an organization takes one first, so that a
forgotten check does not type-check. Nothing here reads a clock or a database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias
from uuid import UUID

from app.errors import Code, FieldProblem, Forbidden, NotFound

ORGANIZATION_ADMIN = "role:organization:admin"

SCOPE_RESOURCES = (
    "authentication",
    "billing",
    "payments",
    "privatelink",
    "projects",
    "services",
    "static_ips",
    "user",
)
SCOPES = frozenset(f"{name}:{verb}" for name in SCOPE_RESOURCES for verb in ("read", "write"))
READ_SCOPE = "authentication:read"
WRITE_SCOPE = "authentication:write"

Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Membership:
    """A principal's place in one organization, with its permissions on that organization."""

    organization_id: UUID
    user_id: UUID
    is_application_user: bool
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenBounds:
    """The token a request came with, and the bounds that whatever it mints must stay inside."""

    token_id: UUID
    scopes: frozenset[str] | None
    networks: tuple[Network, ...] | None
    max_age_seconds: int | None
    extend_when_used: bool
    expiry_time: datetime | None
    check_time: datetime

    @property
    def fixed_end(self) -> datetime | None:
        """When the token ends for good; None where it never does, or can keep itself alive."""
        return None if self.extend_when_used else self.expiry_time


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request comes from: one user, in every organization that it belongs to."""

    memberships: Mapping[UUID, Membership]
    token: TokenBounds | None = None

    def may(self, organization_id: UUID, permission: str, scope: str) -> bool:
        """Tell whether a grant gives the permission and the token's scopes let it through."""
        membership = self.memberships.get(organization_id)
        if membership is None or permission not in membership.permissions:
            return False
        return self.token is None or covers(self.token.scopes, scope)


_made_here = object()


@dataclass(frozen=True, slots=True)
class _Proof:
    organization_id: UUID
    actor_id: UUID
    seal: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not _made_here:
            raise TypeError("a proof comes from app.access")


@dataclass(frozen=True, slots=True)
class OrgReader(_Proof):
    """Proof: the actor may read this organization's application users and tokens."""


@dataclass(frozen=True, slots=True)
class OrgAdmin(OrgReader):
    """Proof: the actor may change this organization's application users and tokens."""

    token: TokenBounds | None


@dataclass(frozen=True, slots=True)
class TokenRevoker(_Proof):
    """Proof: the actor may revoke this one token, as administrator or as its holder."""

    token_id: UUID


_NOT_ADMIN = (
    "This needs the permission role:organization:admin in the organization, and an organization"
    " that you do not belong to is answered like one that does not exist."
)


def may_read(principal: Principal, organization_id: UUID) -> bool:
    """Tell whether ``require_reader`` would pass."""
    return principal.may(organization_id, ORGANIZATION_ADMIN, READ_SCOPE)


def may_change(principal: Principal, organization_id: UUID) -> bool:
    """Tell whether ``require_admin`` would pass."""
    return principal.may(organization_id, ORGANIZATION_ADMIN, WRITE_SCOPE)


def require_reader(principal: Principal, organization_id: UUID) -> OrgReader:
    """Return the proof, or raise Forbidden: in one text, whether the organization exists or not."""
    if not may_read(principal, organization_id):
        raise Forbidden(_refusal(principal, organization_id, READ_SCOPE))
    return OrgReader(organization_id, _actor(principal, organization_id), _made_here)


def require_admin(principal: Principal, organization_id: UUID, missing: str) -> OrgAdmin:
    """Return the proof; NotFound with the text ``missing`` outside, Forbidden inside."""
    if organization_id not in principal.memberships:
        raise NotFound(missing)
    if not may_change(principal, organization_id):
        raise Forbidden(_refusal(principal, organization_id, WRITE_SCOPE))
    return OrgAdmin(
        organization_id, _actor(principal, organization_id), _made_here, principal.token
    )


def require_revoker(
    principal: Principal, organization_id: UUID, token_id: UUID, missing: str
) -> TokenRevoker:
    """Return the proof for an administrator, and for a token that revokes itself."""
    own = principal.token is not None and principal.token.token_id == token_id
    if not (own and organization_id in principal.memberships):
        require_admin(principal, organization_id, missing)
    return TokenRevoker(organization_id, _actor(principal, organization_id), _made_here, token_id)


def covers(scopes: frozenset[str] | None, scope: str) -> bool:
    """Tell whether a token with these scopes has one more: writing includes reading."""
    if scopes is None or scope in scopes:
        return True
    resource, verb = scope.split(":")
    return verb == "read" and f"{resource}:write" in scopes


def wider_than(
    caller: TokenBounds | None,
    *,
    scopes: Sequence[str] | None,
    networks: Sequence[Network] | None,
    max_age_seconds: int | None,
    extend_when_used: bool,
) -> list[FieldProblem]:
    """Return what a token to be minted could do that the token minting it cannot.

    A request without a token, a person signed in, is bounded by nothing here.
    """
    if caller is None:
        return []
    problems: list[FieldProblem] = []
    if caller.scopes is not None and (
        scopes is None or not all(covers(caller.scopes, scope) for scope in scopes)
    ):
        problems.append(_wider("scopes", "scopes", ", ".join(sorted(caller.scopes))))
    if caller.networks is not None and (
        networks is None or not all(_inside(network, caller.networks) for network in networks)
    ):
        problems.append(_wider("ipAllowlist", "networks", ", ".join(map(str, caller.networks))))
    if caller.expiry_time is not None and not _dies_first(
        caller, max_age_seconds, extend_when_used
    ):
        problems.append(_wider("maxAgeSeconds", "lifetime", f"until {caller.expiry_time}"))
    return problems


def _dies_first(caller: TokenBounds, max_age_seconds: int | None, extend_when_used: bool) -> bool:
    if max_age_seconds is None or caller.expiry_time is None:
        return False
    if caller.extend_when_used and caller.max_age_seconds is not None:
        # The caller can keep itself alive, in steps of its own age.
        return max_age_seconds <= caller.max_age_seconds
    end = caller.check_time + timedelta(seconds=max_age_seconds)
    return not extend_when_used and end <= caller.expiry_time


def _inside(network: Network, bounds: Sequence[Network]) -> bool:
    return any(
        network.version == bound.version and network.subnet_of(bound)  # pyright: ignore[reportArgumentType]
        for bound in bounds
    )


def _wider(path: str, what: str, own: str) -> FieldProblem:
    return FieldProblem(
        path,
        Code.EXCEEDS_CALLER,
        f"A token cannot mint one with wider {what} than its own ({own}).",
    )


def _actor(principal: Principal, organization_id: UUID) -> UUID:
    return principal.memberships[organization_id].user_id


def _refusal(principal: Principal, organization_id: UUID, scope: str) -> str:
    membership = principal.memberships.get(organization_id)
    if membership is None or ORGANIZATION_ADMIN not in membership.permissions:
        return _NOT_ADMIN
    return f"The token of this request lacks the scope {scope}."
