"""What holds permissions is administered by administrators alone: the guard of narrower grants.

The facts are read by the service, behind a lock that grants and memberships wait for.
"""

from enum import Enum

from app.access import Actor
from app.errors import Forbidden


class Guarded(Enum):
    """Acts on something that holds permissions; each is an administrator's alone."""

    MINT = (
        "Only an organization administrator may generate or rotate a token of an application user"
        " that holds a permission, directly or through a group."
    )
    ACTIVATE = (
        "Only an organization administrator may activate an application user that holds a"
        " permission, directly or through a group."
    )
    GROUP = (
        "Only an organization administrator may change a group that holds a permission, change who"
        " is in it, or delete it."
    )
    PERSON = (
        "Only an organization administrator may change or remove a person that holds a permission,"
        " directly or through a group."
    )


def guard(actor: Actor, act: Guarded, *, holds_permission: bool) -> None:
    """Raise Forbidden where the act would lift or cut down authority that is not the actor's.

    ``holds_permission``: the target holds any permission at all, on any resource.
    """
    if not may_pass(is_admin=actor.is_admin, holds_permission=holds_permission):
        raise Forbidden(act.value, actor.organization_id, actor.author)


def may_pass(*, is_admin: bool, holds_permission: bool) -> bool:
    """Tell whether ``guard`` lets an actor pass."""
    return is_admin or not holds_permission
