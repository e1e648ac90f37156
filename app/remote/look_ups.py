"""What people call things by: ids, or names that mean exactly one."""

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol, TypeVar

import click

from app.remote.connection import Session
from app.remote.exits import Exit, Failure

if TYPE_CHECKING:
    from app.client.generated.fragments import TokenFields

PREFIX_LENGTH = 27
"""Of the letters that a token begins with, these are safe to show."""
LISTED = 10
_PAGE = 100

Found = TypeVar("Found")


class Named(Protocol):
    """A thing with an id and a name."""

    @property
    def id(self) -> str:
        """Return what never changes."""
        ...

    @property
    def name(self) -> str:
        """Return what people call it."""
        ...


async def application_user(session: Session, given: str) -> str:
    """Return the id of an application user by its id or name. Raises Failure."""
    if _is_id("user", given):
        return given
    from app.client import every
    from app.client.generated import ApplicationUserFilter

    organization = await session.organization()
    chosen = ApplicationUserFilter(search=given)
    found = every(
        lambda after: session.client.application_users(
            organization, first=_PAGE, after=after, filter_=chosen
        )
    )
    return await _only("application user", given, found)


async def user(session: Session, given: str) -> str:
    """Return the id of a person or an application user by its id or name. Raises Failure."""
    if _is_id("user", given):
        return given
    return await _only("user", given, await _users(session, given))


async def group(session: Session, given: str) -> str:
    """Return the id of a group by its id or name. Raises Failure."""
    if _is_id("group", given):
        return given
    return await _only("group", given, await _groups(session, given))


async def principal(session: Session, given: str) -> str:
    """Return the id of a user or a group by its id or name. Raises Failure."""
    if _is_id("user", given) or _is_id("group", given):
        return given
    users, groups = await _users(session, given), await _groups(session, given)

    async def both() -> AsyncIterator[Named]:
        async for each in users:
            yield each
        async for other in groups:
            yield other

    return await _only("user or group", given, both())


async def token(session: Session, given: str) -> str:
    """Return the id of a token by its id or prefix. Raises Failure and UsageError."""
    if not given.startswith("appu_"):
        if _is_id("token", given):
            return given
        raise click.UsageError("TOKEN is a token's id (token_…) or its prefix (appu_…).")
    given = given.removesuffix("…")
    if len(given) > PREFIX_LENGTH:
        raise click.UsageError(
            f"A token's prefix has {PREFIX_LENGTH} characters, and this is more of it. If it is"
            " the whole token, it is in the history of your shell: revoke it."
        )
    from app.client.generated import TokenFilter

    organization = await session.organization()
    found = await session.client.tokens(organization, filter_=TokenFilter(search=given))
    matching = [each for each in found.nodes if each.token_prefix == given]
    if not matching:
        raise Failure(f"There is no token with the prefix {given}.", Exit.NOT_FOUND)
    return matching[0].id


async def token_by(session: Session, given: str) -> "TokenFields":
    """Return a token by its id or prefix. Raises Failure and UsageError."""
    found = await session.client.token(await token(session, given))
    return there(found, f"token {given}")


def there(found: Found | None, what: str) -> Found:
    """Return what was found. Raises Failure where it is None."""
    if found is None:
        raise Failure(f"There is no {what}.", Exit.NOT_FOUND)
    return found


async def _users(session: Session, given: str) -> AsyncIterator[Named]:
    from app.client import every
    from app.client.generated import OrganizationUserFilter

    organization = await session.organization()
    chosen = OrganizationUserFilter(search=given)
    return every(
        lambda after: session.client.organization_users(
            organization, first=_PAGE, after=after, filter_=chosen
        )
    )


async def _groups(session: Session, given: str) -> AsyncIterator[Named]:
    from app.client import every
    from app.client.generated import GroupFilter

    organization = await session.organization()
    chosen = GroupFilter(search=given)
    return every(
        lambda after: session.client.groups(organization, first=_PAGE, after=after, filter_=chosen)
    )


async def _only(kind: str, given: str, found: AsyncIterator[Named]) -> str:
    """Return the id of the only thing of that very name."""
    named: list[Named] = []
    similar: list[Named] = []
    async for each in found:
        (named if each.name == given else similar).append(each)
        if len(similar) > LISTED:
            similar = similar[:LISTED]
    if len(named) == 1:
        return named[0].id
    if named:
        raise Failure(f"Several are called {given!r}; say which id:" + _listed(named), Exit.REFUSED)
    message = f"There is no {kind} called {given!r}."
    if similar:
        message += " Did you mean" + _listed(similar)
    raise Failure(message, Exit.NOT_FOUND)


def _listed(things: list[Named]) -> str:
    return "".join(f"\n  {each.id}  {each.name}" for each in things[:LISTED])


def _is_id(kind: str, given: str) -> bool:
    return re.fullmatch(rf"{kind}_[0-9A-Za-z]{{44}}", given, re.ASCII) is not None
