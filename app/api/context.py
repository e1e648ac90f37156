"""What a resolver has at hand: who asks, proofs of what they may do, and batched look-ups.

Proofs come from here and nowhere else, so that each resolver names what it needs in one line.
"""

from dataclasses import dataclass, field
from uuid import UUID

from strawberry.dataloader import DataLoader

from app import access, application_users, tokens, viewer
from app.access import Actor, AppUserReader, OrgMember, Principal, Proof, Reader, TokenRevoker
from app.application_users import User
from app.catalogue import Catalogue
from app.database import Database
from app.errors import Unauthenticated
from app.paging import Page, PageRequest
from app.token_format import Peppers
from app.tokens import Token, TokenFilter, TokenOrder

NO_CREDENTIAL = "Send an access token, as in: Authorization: Bearer <token>."


@dataclass(frozen=True, slots=True)
class TokensOfUser:
    """A page of one user's tokens; requests that differ in the user alone share a statement."""

    reader: AppUserReader
    user_id: UUID
    keep: TokenFilter
    asked: PageRequest[TokenOrder]


@dataclass
class Context:
    """Made anew for each request."""

    database: Database
    peppers: Peppers
    catalogue: Catalogue
    principal: Principal | None
    users: "DataLoader[tuple[Reader, UUID], User | None]" = field(init=False)
    tokens_of_users: "DataLoader[TokensOfUser, Page[Token]]" = field(init=False)

    def __post_init__(self) -> None:
        self.users = DataLoader(load_fn=self._load_users)
        self.tokens_of_users = DataLoader(load_fn=self._load_tokens)

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

    async def _load_users(self, keys: "list[tuple[Reader, UUID]]") -> list[User | None]:
        found: dict[UUID, User] = {}
        for reader in dict.fromkeys(reader for reader, _ in keys):
            wanted = [user_id for asking, user_id in keys if asking == reader]
            users = await application_users.find(self.database, reader, wanted)
            found.update({user.user_id: user for user in users})
        return [found.get(user_id) for _, user_id in keys]

    async def _load_tokens(self, keys: list[TokensOfUser]) -> list[Page[Token]]:
        groups: dict[tuple[AppUserReader, TokenFilter, PageRequest[TokenOrder]], list[UUID]] = {}
        for key in keys:
            groups.setdefault((key.reader, key.keep, key.asked), []).append(key.user_id)
        pages: dict[TokensOfUser, Page[Token]] = {}
        for (reader, keep, asked), user_ids in groups.items():
            found = await tokens.list_pages_of_users(self.database, reader, user_ids, keep, asked)
            for user_id, page in found.items():
                pages[TokensOfUser(reader, user_id, keep, asked)] = page
        return [pages[key] for key in keys]
