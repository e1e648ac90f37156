"""``appusers_organization_application_user``: resource and data source."""

from typing import TYPE_CHECKING

from tf.schema import Attribute, Schema

from app.terraform.checks import NO_SUPER_ADMIN, Checks
from app.terraform.managed import Managed, Source, computed, fixed, schema
from app.terraform.values import BOOL, NUMBER, TEXT, Flag

if TYPE_CHECKING:
    from app.terraform.calls.base import Calls, SourceCalls

USER_ID = computed("user_id", "Its id: `user_…`.")
EMAIL = computed("email", "An address made up to tell it apart; nothing sent there arrives.")
CREATE_TIME = computed("create_time", "When it was created, as RFC 3339.")


class ApplicationUser(Managed):
    """A user that is no person: one for each tool or integration."""

    NAME = "organization_application_user"
    ID = ("organization_id", "user_id")

    @classmethod
    def get_schema(cls) -> Schema:
        """Return its attributes."""
        return schema(
            "An application user: a member of an organization that is no person, one for each tool"
            " or integration. To destroy it revokes all its tokens, for good.",
            computed("id", "`ORGANIZATION_ID/USER_ID`, which `terraform import` takes."),
            fixed("organization_id", "The organization: `org_…`."),
            Attribute(
                "name",
                TEXT,
                "1 to 255 characters; no other application user of the organization may have it.",
                required=True,
            ),
            Attribute("description", TEXT, "What it is for.", optional=True),
            Attribute(
                "is_super_admin",
                Flag(),
                f"Leave it out. {NO_SUPER_ADMIN}: true is an error.",
                optional=True,
                deprecated=True,
            ),
            USER_ID,
            EMAIL,
            CREATE_TIME,
        )

    def check(self, checks: Checks) -> None:
        """Add what is wrong."""
        checks.ids("organization_id")
        checks.name()
        checks.description()
        checks.super_admin()

    @classmethod
    def calls(cls) -> "type[Calls]":
        """Return how the service is asked for it."""
        from app.terraform.calls.application_user import ApplicationUserCalls

        return ApplicationUserCalls


class ApplicationUserSource(Source):
    """An application user that is managed elsewhere."""

    NAME = "organization_application_user"

    @classmethod
    def get_schema(cls) -> Schema:
        """Return its attributes."""
        return schema(
            "An application user, by its id or its name.",
            computed("id", "`ORGANIZATION_ID/USER_ID`."),
            Attribute("organization_id", TEXT, "The organization: `org_…`.", required=True),
            Attribute("user_id", TEXT, "Its id: this or `name`.", optional=True, computed=True),
            Attribute("name", TEXT, "Its name: this or `user_id`.", optional=True, computed=True),
            computed("description", "What it is for."),
            EMAIL,
            CREATE_TIME,
            computed("state", "`ACTIVE` or `DEACTIVATED`."),
            computed("last_activity_time", "The latest use of any of its tokens; null if never."),
            computed("live_token_count", "How many of its tokens are accepted.", NUMBER),
            computed("is_super_admin", "Always false.", BOOL),
        )

    def check(self, checks: Checks) -> None:
        """Add what is wrong."""
        checks.ids("organization_id", "user_id")
        checks.one_of("user_id", "name")

    @classmethod
    def calls(cls) -> "type[SourceCalls]":
        """Return how the service is asked for it."""
        from app.terraform.calls.application_user import ApplicationUserSourceCalls

        return ApplicationUserSourceCalls
