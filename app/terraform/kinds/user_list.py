"""The data source ``appusers_organization_user_list``."""

from typing import TYPE_CHECKING

from tf import types
from tf.schema import Attribute, Schema

from app.terraform.checks import Checks
from app.terraform.managed import Source, computed, schema
from app.terraform.values import BOOL, TEXT, Object

if TYPE_CHECKING:
    from app.terraform.calls.base import SourceCalls

USER = Object(
    {
        "user_id": TEXT,
        "join_time": TEXT,
        "last_activity_time": TEXT,
        # A list with one entry, as the model has it.
        "user_info": types.List(
            Object(
                {
                    "user_email": TEXT,
                    "real_name": TEXT,
                    "state": TEXT,
                    "is_application_user": BOOL,
                }
            )
        ),
    }
)


class UserList(Source):
    """Everybody in an organization."""

    NAME = "organization_user_list"

    @classmethod
    def get_schema(cls) -> Schema:
        """Return its attributes."""
        return schema(
            "Everybody in an organization, people and application users, but for deleted ones.",
            computed("id", "The organization."),
            Attribute("organization_id", TEXT, "The organization: `org_…`.", required=True),
            computed(
                "users",
                "The newest first, each with `user_id`, `join_time`, `last_activity_time` (the"
                " latest use of any of its tokens; null if never) and `user_info`: a list with one"
                " entry, which has `user_email`, `real_name` (what people call it), `state`"
                " (`ACTIVE` or `DEACTIVATED`) and `is_application_user`.",
                types.List(USER),
            ),
        )

    def check(self, checks: Checks) -> None:
        """Add what is wrong."""
        checks.ids("organization_id")

    @classmethod
    def calls(cls) -> "type[SourceCalls]":
        """Return how the service is asked for it."""
        from app.terraform.calls.user_list import UserListCalls

        return UserListCalls
