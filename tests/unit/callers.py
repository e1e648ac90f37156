"""Who asks, in tests of who may do what, and what comes of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from app import access
from app.access import Membership, Principal
from app.bounds import TokenBounds
from app.errors import Forbidden, NotFound
from tests.conftest import CATALOGUE

HERE, ELSEWHERE, NOWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
ACTOR, OWN_TOKEN, OTHER_TOKEN = UUID(int=11), UUID(int=21), UUID(int=22)
ADMIN = access.ORGANIZATION_ADMIN


def token(*scopes: str, all_scopes: bool = False) -> TokenBounds:
    """The token that somebody asks with; what has no scopes cannot do what needs one."""
    return TokenBounds(
        OWN_TOKEN,
        None if all_scopes else frozenset(scopes),
        None,
        None,
        extend_when_used=False,
        expiry_time=None,
        check_time=datetime(2026, 1, 31, 12, tzinfo=UTC),
    )


def somebody(*permissions: str, by: TokenBounds | None = None) -> Principal:
    """A member of one organization, signed in or by a token."""
    membership = Membership(
        HERE, ACTOR, is_application_user=True, permissions=frozenset(permissions)
    )
    return Principal({HERE: membership}, CATALOGUE, by)


FULL = token(all_scopes=True)


def outcome(act: Callable[[], object]) -> str:
    """What comes of an act, in the word of the tables."""
    try:
        act()
    except Forbidden:
        return "no"
    except NotFound:
        return "404"
    return "yes"
