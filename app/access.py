"""Who may do what: principals, what each act needs, and the proofs that services ask for.

Permissions are strings granted on a resource, to a user or to its groups. They are cumulative,
there is no deny. A request's authority is what its user was granted, cut down to the scopes of its
token. A proof is a value that only this module makes: a service that acts for an organization takes
one first, so that a forgotten check does not type-check. Nothing here reads a clock or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from app.bounds import TokenBounds, covers
from app.catalogue import Catalogue
from app.errors import Forbidden, NotFound
from app.origins import NOWHERE, Author, Origin

ORGANIZATION_ADMIN = "role:organization:admin"
APP_USERS_WRITE = "organization:app_users:write"
USERS_WRITE = "organization:users:write"
GROUPS_WRITE = "organization:groups:write"
EVENT_LOGS_READ = "organization:event_logs:read"
TOKENS_VERIFY = "organization:tokens:verify"

TOKENS_READ_SCOPE = "authentication:read"
TOKENS_WRITE_SCOPE = "authentication:write"
ORGANIZATION_READ_SCOPE = "user:read"
ORGANIZATION_WRITE_SCOPE = "user:write"


@dataclass(frozen=True, slots=True)
class Membership:
    """A principal's place in one organization, with what it was granted on that organization."""

    organization_id: UUID
    user_id: UUID
    is_application_user: bool
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request comes from: one user, in every organization that it belongs to."""

    memberships: Mapping[UUID, Membership]
    catalogue: Catalogue = field(repr=False, compare=False)
    token: TokenBounds | None = None
    origin: Origin = NOWHERE


_made_here = object()


@dataclass(frozen=True, slots=True)
class Actor:
    """What every proof holds: who acts, where, with what, and by which grant."""

    organization_id: UUID
    actor_id: UUID
    is_admin: bool
    givers: frozenset[str]
    """The grants on the organization each of which gives what the proof is of; empty: none needed.
    They are looked at again when a change is made."""
    token: TokenBounds | None
    origin: Origin
    seal: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not _made_here:
            raise TypeError("a proof comes from app.access")

    @property
    def author(self) -> Author:
        """Who the audit trail names."""
        return Author(
            "USER", self.actor_id, self.token.token_id if self.token else None, self.origin
        )


class Reader(Actor):
    """Proof: the actor administers something here, and may know the names of who is in it."""

    __slots__ = ()


class OrgMember(Reader):
    """Proof: the actor may look at the organization itself."""

    __slots__ = ()


class AppUserReader(Reader):
    """Proof: the actor may read application users and tokens."""

    __slots__ = ()


class AppUserWriter(AppUserReader):
    """Proof: the actor may change application users, and mint for them what the guard lets it."""

    __slots__ = ()


class UserReader(Reader):
    """Proof: the actor may read who is in the organization, people and application users."""

    __slots__ = ()


class UserWriter(UserReader):
    """Proof: the actor may add people, and change those that the guard lets it."""

    __slots__ = ()


class GroupReader(Reader):
    """Proof: the actor may read groups and their members."""

    __slots__ = ()


class GroupWriter(GroupReader):
    """Proof: the actor may change groups that the guard lets it."""

    __slots__ = ()


class AuditReader(Reader):
    """Proof: the actor may read the audit trail."""

    __slots__ = ()


class TokenVerifier(Actor):
    """Proof: the actor, a gateway or a service, may ask whether a token is good."""

    __slots__ = ()


class OrgReader(Reader):
    """Proof: the actor, an administrator, may read whatever belongs to the organization."""

    __slots__ = ()


class OrgAdmin(OrgReader):
    """Proof: the actor, an administrator, may change whatever belongs to the organization."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TokenRevoker(Actor):
    """Proof: the actor may revoke this one token, as its holder or as who may revoke any."""

    token_id: UUID


@dataclass(frozen=True, slots=True)
class Need:
    """What a proof takes: one of these permissions on the organization, one of these scopes."""

    permissions: tuple[str, ...]
    scopes: tuple[str, ...]


_ADMINISTRATION = (ORGANIZATION_ADMIN, APP_USERS_WRITE, USERS_WRITE, GROUPS_WRITE, EVENT_LOGS_READ)
NEEDS: dict[type[Actor], Need] = {
    OrgMember: Need(_ADMINISTRATION, (TOKENS_READ_SCOPE, ORGANIZATION_READ_SCOPE)),
    AppUserReader: Need((APP_USERS_WRITE,), (TOKENS_READ_SCOPE,)),
    AppUserWriter: Need((APP_USERS_WRITE,), (TOKENS_WRITE_SCOPE,)),
    UserReader: Need((USERS_WRITE, GROUPS_WRITE), (ORGANIZATION_READ_SCOPE,)),
    UserWriter: Need((USERS_WRITE,), (ORGANIZATION_WRITE_SCOPE,)),
    GroupReader: Need((GROUPS_WRITE,), (ORGANIZATION_READ_SCOPE,)),
    GroupWriter: Need((GROUPS_WRITE,), (ORGANIZATION_WRITE_SCOPE,)),
    AuditReader: Need((EVENT_LOGS_READ,), (ORGANIZATION_READ_SCOPE,)),
    TokenVerifier: Need((TOKENS_VERIFY,), (TOKENS_READ_SCOPE,)),
    OrgReader: Need((ORGANIZATION_ADMIN,), (ORGANIZATION_READ_SCOPE,)),
    OrgAdmin: Need((ORGANIZATION_ADMIN,), (ORGANIZATION_WRITE_SCOPE,)),
}
"""An administrator holds every permission: the catalogue says so."""

Proof = TypeVar("Proof", bound=Actor)


def may(principal: Principal, kind: type[Actor], organization_id: UUID) -> bool:
    """Tell whether ``require`` would pass."""
    return _refusal(principal, kind, organization_id) is None


def require(
    principal: Principal, kind: type[Proof], organization_id: UUID, missing: str | None = None
) -> Proof:
    """Return the proof, or raise Forbidden.

    Outside the principal's organizations NotFound with the text ``missing`` is raised where there
    is one; otherwise Forbidden in the text that a member without permission gets.
    """
    if missing is not None and organization_id not in principal.memberships:
        raise NotFound(missing)
    refusal = _refusal(principal, kind, organization_id)
    if refusal is not None:
        raise Forbidden(refusal, organization_id, _author(principal, organization_id))
    return _prove(principal, kind, organization_id)


def require_revoker(
    principal: Principal, organization_id: UUID, token_id: UUID, missing: str
) -> TokenRevoker:
    """Return the proof for who may revoke any token, and for a token that revokes itself."""
    own = principal.token is not None and principal.token.token_id == token_id
    membership = principal.memberships.get(organization_id)
    givers = frozenset[str]()
    if not (own and membership):
        givers = require(principal, AppUserWriter, organization_id, missing).givers
    membership = principal.memberships[organization_id]
    return TokenRevoker(
        organization_id,
        membership.user_id,
        ORGANIZATION_ADMIN in membership.permissions,
        givers,
        principal.token,
        principal.origin,
        _made_here,
        token_id,
    )


def still_holds(actor: Actor, permissions: frozenset[str]) -> bool:
    """Tell whether what the actor is granted at this moment still bears out its proof."""
    if actor.is_admin and ORGANIZATION_ADMIN not in permissions:
        return False
    return not actor.givers or not actor.givers.isdisjoint(permissions)


def _prove(principal: Principal, kind: type[Proof], organization_id: UUID) -> Proof:
    membership = principal.memberships[organization_id]
    return kind(
        organization_id,
        membership.user_id,
        ORGANIZATION_ADMIN in membership.permissions,
        _givers(principal, kind),
        principal.token,
        principal.origin,
        _made_here,
    )


def _givers(principal: Principal, kind: type[Actor]) -> frozenset[str]:
    return frozenset(
        giver
        for permission in NEEDS[kind].permissions
        for giver in principal.catalogue.givers(permission)
    )


def _author(principal: Principal, organization_id: UUID) -> Author | None:
    """Return who is refused, None for somebody outside: that is not the organization's affair."""
    membership = principal.memberships.get(organization_id)
    if membership is None:
        return None
    token_id = principal.token.token_id if principal.token else None
    return Author("USER", membership.user_id, token_id, principal.origin)


def _refusal(principal: Principal, kind: type[Actor], organization_id: UUID) -> str | None:
    need = NEEDS[kind]
    membership = principal.memberships.get(organization_id)
    if membership is None or membership.permissions.isdisjoint(_givers(principal, kind)):
        return (
            f"This needs the permission {' or '.join(need.permissions)} in the organization, and an"
            " organization that you do not belong to is answered like one that does not exist."
        )
    scopes = principal.token.scopes if principal.token else None
    if not any(covers(scopes, scope) for scope in need.scopes):
        return f"The token of this request lacks the scope {' or '.join(need.scopes)}."
    return None
