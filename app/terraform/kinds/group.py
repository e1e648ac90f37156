"""``appusers_organization_user_group``."""

from typing import TYPE_CHECKING

from tf.schema import Attribute, Schema

from app.terraform.checks import Checks
from app.terraform.managed import Managed, computed, fixed, schema
from app.terraform.values import TEXT

if TYPE_CHECKING:
    from app.terraform.calls.base import Calls


class Group(Managed):
    """A group of users, which permissions are granted to."""

    NAME = "organization_user_group"
    ID = ("organization_id", "group_id")

    @classmethod
    def get_schema(cls) -> Schema:
        """Return its attributes."""
        return schema(
            "A group of people and application users. To destroy it takes from its members what"
            " they held through it.",
            computed("id", "`ORGANIZATION_ID/GROUP_ID`, which `terraform import` takes."),
            fixed("organization_id", "The organization: `org_…`."),
            Attribute(
                "name",
                TEXT,
                "1 to 255 characters; no other group of the organization may have it.",
                required=True,
            ),
            Attribute("description", TEXT, "What it is for.", optional=True),
            computed("group_id", "Its id: `group_…`."),
            computed("create_time", "When it was created, as RFC 3339."),
        )

    def check(self, checks: Checks) -> None:
        """Add what is wrong."""
        checks.ids("organization_id")
        checks.name()
        checks.description()

    @classmethod
    def calls(cls) -> "type[Calls]":
        """Return how the service is asked for it."""
        from app.terraform.calls.group import GroupCalls

        return GroupCalls
