"""What integrations do, each in a few lines; the reference page shows them as they stand here."""

from datetime import UTC, datetime, timedelta

from app.client import Client, every
from app.client.generated import (
    CreateApplicationUserInput,
    DeleteApplicationUserInput,
    GenerateTokenInput,
    GrantPermissionsInput,
    RevokeTokenInput,
    RotateTokenInput,
    TokenFilter,
)


async def create_an_application_user(client: Client, organization_id: str) -> str:
    """Create an application user, and return its id."""
    made = await client.create_application_user(
        CreateApplicationUserInput(
            organization_id=organization_id, name="deployments", description="Deploys from CI."
        )
    )
    return made.application_user.id


async def let_it_do_something(client: Client, organization_id: str, user_id: str) -> None:
    """Grant a permission on the organization; on a unit or project by its `resource_…`."""
    await client.grant_permissions(
        GrantPermissionsInput(
            principal_id=user_id, resource_id=organization_id, permissions=["project:services:read"]
        )
    )


async def generate_a_token(client: Client, user_id: str) -> tuple[str, str]:
    """Generate a token for 90 days, and return its id and its text, which nobody sees again."""
    made = await client.generate_token(
        GenerateTokenInput(
            application_user_id=user_id,
            description="CI of the shop",
            max_age_seconds=90 * 86_400,
            ip_allowlist=["203.0.113.0/24"],
        )
    )
    if made.typename__ == "GenerateTokenReplayed":
        # An answer was lost on the way, and the text with it: revoke the token, make another.
        raise LookupError(made.token.id)
    return made.token.id, made.full_token


async def see_when_tokens_were_used(client: Client, organization_id: str, user_id: str) -> None:
    """Print when each token of an application user was used last, and from where."""
    async for token in every(lambda after: client.tokens(organization_id, user_id, after=after)):
        print(token.token_prefix, token.last_used_time, token.last_ip)


async def rotate_a_token(client: Client, token_id: str) -> str:
    """Rotate a token; the old one works for another hour. Return the new text."""
    made = await client.rotate_token(RotateTokenInput(token_id=token_id, overlap_seconds=3_600))
    if made.typename__ == "RotateTokenReplayed":
        raise LookupError(made.token.id)
    return made.full_token


async def find_unused_tokens(client: Client, organization_id: str) -> list[str]:
    """Return the ids of tokens that nobody used for 90 days."""
    unused = TokenFilter(last_used_before=datetime.now(UTC) - timedelta(days=90))
    tokens = every(lambda after: client.tokens(organization_id, after=after, filter_=unused))
    return [token.id async for token in tokens]


async def revoke_a_token(client: Client, token_id: str) -> None:
    """Revoke a token: it is refused from the answer on. Revoking again changes nothing."""
    await client.revoke_token(RevokeTokenInput(token_id=token_id))


async def delete_an_application_user(client: Client, user_id: str) -> int:
    """Delete an application user with all its tokens, and return how many of them worked."""
    done = await client.delete_application_user(
        DeleteApplicationUserInput(application_user_id=user_id)
    )
    return done.revoked_token_count
