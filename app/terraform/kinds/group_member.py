"""``appusers_organization_user_group_member``."""

from typing import TYPE_CHECKING

from tf.schema import Schema

from app.terraform.checks import Checks
from app.terraform.managed import Managed, computed, fixed, schema

if TYPE_CHECKING:
    from app.terraform.calls.base import Calls


class GroupMember(Managed):
    """That a user is in a group."""

    NAME = "organization_user_group_member"
    ID = ("organization_id", "group_id", "user_id")

    @classmethod
    def get_schema(cls) -> Schema:
        """Return its attributes."""
        return schema(
            "That a user is in a group. Other members are not looked at.",
            computed("id", "`ORGANIZATION_ID/GROUP_ID/USER_ID`, which `terraform import` takes."),
            fixed("organization_id", "The organization: `org_…`."),
            fixed("group_id", "The group: `group_…`."),
            fixed("user_id", "Who is in it, a person or an application user: `user_…`."),
        )

    def check(self, checks: Checks) -> None:
        """Add what is wrong."""
        checks.ids("organization_id", "group_id", "user_id")

    @classmethod
    def calls(cls) -> "type[Calls]":
        """Return how the service is asked for it."""
        from app.terraform.calls.group_member import GroupMemberCalls

        return GroupMemberCalls
