"""Calls of ``appusers_organization_application_user_token``."""

from collections.abc import Sequence

from app.client import Client, every
from app.client.generated import (
    GenerateTokenInput,
    RevokeTokenInput,
    TokenFields,
    TokenFilter,
    TokenStatus,
    UpdateTokenInput,
)
from app.terraform import diagnostics
from app.terraform.calls import lost_answers
from app.terraform.calls.base import Calls
from app.terraform.diagnostics import Problem
from app.terraform.values import State, time

ENDED = frozenset({TokenStatus.REVOKED, TokenStatus.EXPIRED})
LOST = (
    "It was made by this call, or by another one meanwhile. Unless that one has its text, nobody"
    " has: revoke {}…."
)
PARALLEL = 10
"""How many things Terraform makes at once, if nobody says otherwise."""


def described(token: TokenFields) -> State:
    """Return the attributes that the service knows: all but its text and `keepers`."""
    return {
        "id": f"{token.organization_id}/{token.user.id}/{token.token_prefix}",
        "organization_id": token.organization_id,
        "user_id": token.user.id,
        "description": token.description,
        "max_age_seconds": token.max_age_seconds,
        # Left out of a configuration it is null, and so it is after an import.
        "extend_when_used": token.extend_when_used or None,
        "ip_allowlist": token.ip_allowlist,
        "scopes": token.scopes,
        "token_id": token.id,
        "token_prefix": token.token_prefix,
        "create_time": time(token.create_time),
        "expiry_time": time(token.expiry_time),
        "created_manually": True,
        "currently_active": token.is_current,
        "last_used_time": time(token.last_used_time),
        "last_ip": token.last_ip,
        "last_user_agent": token.last_user_agent,
        "last_user_agent_human_readable": token.last_user_agent_human_readable,
    }


class TokenCalls(Calls):
    """Asks the service for it."""

    async def make(self, client: Client, planned: State) -> State:
        """Generate it."""
        await self.look_here(client, planned, planned["user_id"])
        before = next(iter(await _newest(client, planned, 1)), None)

        async def find_id() -> str | None:
            token = _made_since(before, await _newest(client, planned, PARALLEL), planned)
            return token and described(token)["id"]

        async with lost_answers.told("a token", find_id, LOST):
            made = await client.generate_token(
                GenerateTokenInput(
                    application_user_id=planned["user_id"],
                    description=planned["description"],
                    max_age_seconds=planned["max_age_seconds"],
                    extend_when_used=planned["extend_when_used"] or False,
                    ip_allowlist=planned["ip_allowlist"],
                    scopes=planned["scopes"],
                )
            )
        self.provider.warn_of_state(self.diagnostics)
        found = described(made.token)
        if made.typename__ == "GenerateTokenSuccess":
            return found | {"full_token": made.full_token}
        # The state that comes with the error is tainted: the next apply revokes this token.
        diagnostics.add_error(
            self.diagnostics,
            "The token was generated, and the answer that held it was lost",
            f"Its text cannot be shown again. It is {made.token.token_prefix}…; apply again, which"
            " revokes it and generates another.",
        )
        return found | {"full_token": None}

    async def find(self, client: Client, current: State) -> State | None:
        """Read it; one that has ended is gone."""
        token = await client.token(current["token_id"])
        if token is None:
            return None
        self.here(current, token.user.id, token.organization_id)
        if token.status in ENDED:
            self.diagnostics.add_warning(
                f"A token is {token.status.value.lower()}",
                f"{token.token_prefix}… is not accepted any more, for good. Another one is planned"
                " in its place where the configuration still has it.",
            )
            return None
        found = described(token)
        if not current["extend_when_used"] and not token.extend_when_used:
            found["extend_when_used"] = current["extend_when_used"]
        return found

    async def change(self, client: Client, current: State, planned: State) -> None:
        """Describe it anew."""
        if planned["description"] != current["description"]:
            await client.update_token(
                UpdateTokenInput(token_id=current["token_id"], description=planned["description"])
            )

    async def end(self, client: Client, current: State) -> None:
        """Revoke it."""
        await client.revoke_token(RevokeTokenInput(token_id=current["token_id"]))

    async def adopt(self, client: Client, given: State) -> State | None:
        """Find it by its prefix."""
        organization_id, prefix = given["organization_id"], given["token_prefix"]
        wanted = TokenFilter(search=prefix)
        pages = every(
            lambda after: client.tokens(
                organization_id, given["user_id"], first=100, after=after, filter_=wanted
            )
        )
        async for token in pages:
            if token.token_prefix == prefix:
                if token.status in ENDED:
                    raise Problem(
                        f"The token is {token.status.value.lower()}",
                        f"{prefix}… is not accepted any more, for good. Generate another one.",
                    )
                return described(token)
        await self.look_here(client, given, given["user_id"])
        return None


async def _newest(client: Client, planned: State, count: int) -> Sequence[TokenFields]:
    """Return the user's newest tokens, the newest first."""
    page = await client.tokens(planned["organization_id"], planned["user_id"], first=count)
    return page.nodes


def _made_since(
    before: TokenFields | None, newest: Sequence[TokenFields], planned: State
) -> TokenFields | None:
    """Return the newest of these that is as planned, where it was made since and never used.

    In a rotation the token that is in use stands there, too, and looks the same.
    """
    for token in newest:
        if before is not None and token.create_time <= before.create_time:
            break
        if token.description == planned["description"] and token.last_used_time is None:
            return token
    return None
