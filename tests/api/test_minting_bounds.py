"""What a token mints ends with it, whatever time passes between check and statement."""

from datetime import datetime

from app import access, minting
from app.access import AppUserWriter, Membership, Principal
from app.bounds import TokenBounds
from app.database import Database
from tests.api_client import Organization
from tests.conftest import CATALOGUE, PEPPERS
from tests.owner import Owner, organization_key, token_key, user_key


async def test_a_child_never_outlives_its_fixed_parent(
    organization: Organization, owner: Owner, database: Database
) -> None:
    user_id = await organization.user("robot")
    await owner.grant(user_id)
    token_id, _ = await organization.token(user_id, maxAgeSeconds=3600)
    key = organization_key(organization.id)
    await owner.set_left(token_id, 700)
    end: datetime = (await owner.token(token_id))["expiry_time"]
    # As if the request had been checked a year ago, when there was time enough.
    bounds = TokenBounds(
        token_key(token_id)[1],
        None,
        None,
        3600,
        extend_when_used=False,
        expiry_time=end,
        check_time=end.replace(year=end.year - 1),
    )
    membership = Membership(
        key,
        user_key(user_id)[1],
        is_application_user=True,
        permissions=frozenset({"role:organization:admin"}),
    )
    writer = access.require(Principal({key: membership}, CATALOGUE, bounds), AppUserWriter, key)
    other = await organization.user("other")
    made = await minting.generate(
        database, PEPPERS, CATALOGUE, writer, user_key(other)[1], max_age_seconds=3600
    )
    assert made.token.expiry_time == end
