"""An organization always keeps an administrator: an active person, directly or through a group.

The operator's bootstrap makes the first one; ``app.permissions`` grants to more.
"""

from app import errors
from app.changes import Change
from db import permissions


async def keep_administrator(change: Change) -> None:
    """Raise LastAdministrator where the change, made already, leaves no administrator.

    The organization's row has to be locked (``lock=True`` of the change): otherwise two changes
    that each leave the other's administrator leave none together.
    """
    if not await permissions.has_administrator(change.connection, change.organization_id):
        raise errors.LastAdministrator
