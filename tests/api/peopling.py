"""People of an organization, and callers that manage them without being administrators."""

from typing import Any

from tests.api_client import Api, Organization
from tests.owner import Owner

USERS_WRITE = "organization:users:write"
ISSUER = "https://issuer.example"
IDENTITY: dict[str, Any] = {"issuer": ISSUER, "subject": "ada"}

ADD = """mutation($input: AddOrganizationUserInput!) { addOrganizationUser(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { path code message } }
    ... on AlreadyMemberError { organizationUserId }
    ... on AddOrganizationUserSuccess { organizationUser { ...F } }
    ... on AddOrganizationUserWithTokenSuccess {
        organizationUser { ...F } fullToken token { id maxAgeSeconds status createdBy { id } } }
    ... on AddOrganizationUserReplayed { organizationUser { ...F } token { id status } } } }
fragment F on OrganizationUser { id name email isApplicationUser state lastActivityTime
    viewerCanUpdate viewerCanRemove }"""


async def add(organization: Organization, /, caller: Api | None = None, **fields: Any) -> Any:
    """Add Ada, or whom the fields make of her, and return the answer."""
    ada = {"organizationId": organization.id, "name": "Ada", "email": "ada@acme.example"}
    answer = await (caller or organization.admin).run(ADD, {"input": ada | fields})
    return answer.data["addOrganizationUser"] if "errors" not in answer.body else answer.codes


async def person(organization: Organization, subject: str = "ada") -> str:
    """Add a person who holds no permission; return its id."""
    made = await add(organization, subject=subject, issuer=ISSUER)
    return made["organizationUser"]["id"]


async def person_with_token(organization: Organization, name: str = "Bob") -> tuple[str, Api]:
    """Add a person with a token; return its id, and the person as a caller."""
    made = await add(organization, name=name, withToken=True)
    return made["organizationUser"]["id"], organization.admin.with_token(made["fullToken"])


async def people_manager(organization: Organization, owner: Owner) -> tuple[str, Api]:
    """A person who may manage people, and is no administrator."""
    user_id, caller = await person_with_token(organization, "Mary")
    await owner.grant(user_id, USERS_WRITE)
    return user_id, caller


async def update(caller: Api, user_id: str, **fields: Any) -> Any:
    """Change a person; return what it became, or the failure."""
    made = await caller.mutate(
        "updateOrganizationUser",
        "organizationUser { id name state }",
        organizationUserId=user_id,
        **fields,
    )
    return made.get("organizationUser") or made


async def remove(caller: Api, user_id: str) -> Any:
    """Remove a person; return the answer."""
    return await caller.mutate(
        "removeOrganizationUser",
        "organizationUserId revokedTokenCount",
        organizationUserId=user_id,
    )


def no_guard(*_actor: object, **_facts: object) -> None:
    """Stand in for ``guards.guard`` in controls."""


async def no_rule(_change: object) -> None:
    """Stand in for ``administrators.keep_administrator`` in controls."""
