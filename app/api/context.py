"""What a resolver has at hand: who asks, proofs of what they may do, and shared look-ups.

Proofs come from here and nowhere else, so that each resolver names what it needs in one line.
"""

from dataclasses import dataclass, field
from uuid import UUID

from app import access, guards, tokens, viewer
from app.access import Actor, OrgMember, Principal, Proof, Reader, TokenRevoker
from app.api.loaders import Loaders
from app.application_users import User
from app.catalogue import Catalogue
from app.database import Database
from app.errors import Failure, Unauthenticated
from app.rate_limits import Allowance
from app.token_format import Peppers
from app.verification import Verifier
from app.webhook_targets import PUBLIC_HTTPS, TargetRules

NO_CREDENTIAL = "Send an access token, as in: Authorization: Bearer <token>."


@dataclass
class Context:
    """Made anew for each request."""

    database: Database
    peppers: Peppers
    catalogue: Catalogue
    principal: Principal | None
    verifier: Verifier
    mutations: Allowance
    """How many the caller may send, whatever the token; without credential, its address."""
    issuer: str | None = None
    """The identity provider that signs people in, None where there is none."""
    webhook_rules: TargetRules = PUBLIC_HTTPS
    loaders: Loaders = field(init=False)
    failures: list[tuple[str, Failure]] = field(default_factory=list[tuple[str, Failure]])
    """Those that became members of result unions, each with the name of its field."""

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.database, self.principal)

    def require_principal(self) -> Principal:
        """Return who asks. Raises Unauthenticated."""
        if self.principal is None:
            raise Unauthenticated(NO_CREDENTIAL)
        return self.principal

    def require(
        self, kind: type[Proof], organization_id: UUID, missing: str | None = None
    ) -> Proof:
        """Return the proof of this kind.

        Raises Unauthenticated and Forbidden; and NotFound with the text ``missing``, where there is
        one, outside the caller's organizations.
        """
        return access.require(self.require_principal(), kind, organization_id, missing)

    def require_or_none(self, kind: type[Proof], organization_id: UUID) -> Proof | None:
        """Return the proof, None for an organization that the caller does not belong to.

        For look-ups by id: a foreign id is answered like a missing one. Raises Unauthenticated,
        and Forbidden for a member that may not.
        """
        if organization_id not in self.require_principal().memberships:
            return None
        return self.require(kind, organization_id)

    def may(self, kind: type[Actor], organization_id: UUID) -> bool:
        """Tell whether ``require`` would pass."""
        return self.principal is not None and access.may(self.principal, kind, organization_id)

    async def passes_guard(self, kind: type[Reader], organization_id: UUID, user_id: UUID) -> bool:
        """Tell whether ``may`` holds, and the guard lets the caller at a user or group.

        All of a request share a statement; none is needed for an administrator.
        """
        if not self.may(kind, organization_id):
            return False
        proof = self.require(kind, organization_id)
        holds = not proof.is_admin and await self.loaders.holders.load((proof, user_id))
        return guards.may_pass(is_admin=proof.is_admin, holds_permission=bool(holds))

    def require_token_revoker(self, organization_id: UUID, token_id: UUID) -> TokenRevoker:
        """Return the proof that the caller may revoke one token: as administrator, or its own."""
        principal = self.require_principal()
        return access.require_revoker(principal, organization_id, token_id, tokens.MISSING)

    async def own_user(self, organization_id: UUID, user_id: UUID) -> User | None:
        """Return the caller's own user where the ids are its own: everybody may know themselves.

        None for who may read everybody, too: then all users of a request share a statement.
        """
        principal = self.require_principal()
        membership = principal.memberships.get(organization_id)
        if membership is None or membership.user_id != user_id:
            return None
        if access.may(principal, OrgMember, organization_id):
            return None
        return await viewer.user(self.database, principal, organization_id)

    def is_current(self, token_id: UUID) -> bool:
        """Tell whether the request was made with this token."""
        token = self.principal.token if self.principal else None
        return token is not None and token.token_id == token_id
