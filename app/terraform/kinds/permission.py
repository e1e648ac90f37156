"""``appusers_organization_permission``."""

from typing import TYPE_CHECKING

from tf.schema import Attribute, Schema

from app.terraform.checks import Checks
from app.terraform.managed import Managed, computed, fixed, schema
from app.terraform.values import TextSet

if TYPE_CHECKING:
    from app.terraform.calls.base import Calls


class Permission(Managed):
    """Exactly what one principal is granted on one resource."""

    NAME = "organization_permission"
    ID = ("organization_id", "resource_id", "principal_id")

    @classmethod
    def get_schema(cls) -> Schema:
        """Return its attributes."""
        return schema(
            "The permissions and roles that one user or group is granted on one resource: exactly"
            " these. What it was granted there by others is taken, with a warning when this is"
            " created, and as a change in the plan later. Permissions that a user has through a"
            " group, or on a level above, are not looked at. Have one such resource for each"
            " principal and resource.",
            computed(
                "id", "`ORGANIZATION_ID/RESOURCE_ID/PRINCIPAL_ID`, which `terraform import` takes."
            ),
            fixed("organization_id", "The organization: `org_…`."),
            fixed(
                "resource_id",
                "On what: the organization (`org_…`), an organizational unit or a project"
                " (`resource_…`); they hold on everything below it, too.",
            ),
            fixed("principal_id", "Who: a user (`user_…`) or a group (`group_…`)."),
            Attribute(
                "permissions",
                TextSet(),
                "1 to 100 of `permissionCatalogue`, for example `organization:event_logs:read`.",
                required=True,
            ),
        )

    def check(self, checks: Checks) -> None:
        """Add what is wrong."""
        checks.ids("organization_id", "resource_id", "principal_id")
        checks.members("permissions")

    @classmethod
    def calls(cls) -> "type[Calls]":
        """Return how the service is asked for it."""
        from app.terraform.calls.permission import PermissionCalls

        return PermissionCalls
