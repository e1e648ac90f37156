"""An integration that looks after its own token: a script to copy from.

It creates an application user for a pipeline where there is none, generates a token for it, uses
it, lists tokens nobody used for 90 days, and revokes what it made. The client waits where the
service asks it to, and never generates twice. Run it with an administrator's token:

    APPUSERS_URL=http://127.0.0.1:8000 APPUSERS_TOKEN=appu_… APPUSERS_ORGANIZATION=org_… \\
        python tests/integration_script.py
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta

from app.client import Client, Unauthenticated, every
from app.client.generated import (
    ApplicationUserFilter,
    CreateApplicationUserInput,
    GenerateTokenInput,
    RevokeTokenInput,
    TokenFilter,
    TokenStatus,
)


async def main(url: str, token: str, organization_id: str) -> None:
    """Do the round."""
    async with Client(url, token) as admin:
        user_id = await pipeline(admin, organization_id)

        # The client makes an idempotency key for the call. One that is kept with the job holds
        # when the job itself is run again.
        key = os.environ.get("JOB_ID")
        made = await admin.generate_token(
            GenerateTokenInput(
                application_user_id=user_id, max_age_seconds=86_400, idempotency_key=key
            )
        )
        if made.typename__ == "GenerateTokenReplayed":
            # It was generated before, and its text was shown then: only a new one can help.
            await admin.revoke_token(RevokeTokenInput(token_id=made.token.id))
            raise SystemExit(f"{made.token.token_prefix}… was lost and is revoked: run this again")
        print(f"generated {made.token.token_prefix}…")

        async with Client(url, made.full_token) as itself:
            await itself.viewer()
            print("the token works")

            unused = TokenFilter(
                statuses=[TokenStatus.ACTIVE],
                last_used_before=datetime.now(UTC) - timedelta(days=90),
            )
            tokens = every(lambda after: admin.tokens(organization_id, after=after, filter_=unused))
            print(f"unused for 90 days: {len([token async for token in tokens])}")

            await admin.revoke_token(RevokeTokenInput(token_id=made.token.id))
            try:
                await itself.viewer()
            except Unauthenticated as refused:
                print(f"after the revocation: {refused}")


async def pipeline(admin: Client, organization_id: str) -> str:
    """Return the id of the pipeline's application user, which is created where there is none."""
    called_so = ApplicationUserFilter(search="pipeline")
    found = await admin.application_users(organization_id, filter_=called_so)
    for user in found.nodes:
        if user.name == "pipeline":
            return user.id
    wanted = CreateApplicationUserInput(organization_id=organization_id, name="pipeline")
    return (await admin.create_application_user(wanted)).application_user.id


if __name__ == "__main__":
    asyncio.run(
        main(
            os.environ["APPUSERS_URL"],
            os.environ["APPUSERS_TOKEN"],
            os.environ["APPUSERS_ORGANIZATION"],
        )
    )
