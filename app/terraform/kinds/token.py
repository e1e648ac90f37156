"""``appusers_organization_application_user_token``."""

from typing import TYPE_CHECKING

from tf.schema import Schema

from app.terraform.checks import Checks
from app.terraform.kinds.token_schema import token_schema
from app.terraform.managed import Managed

if TYPE_CHECKING:
    from app.terraform.calls.base import Calls


class Token(Managed):
    """A token, whose text is in state because nothing else holds it."""

    NAME = "organization_application_user_token"
    ID = ("organization_id", "user_id", "token_prefix")

    @classmethod
    def get_schema(cls) -> Schema:
        """Return its attributes."""
        return token_schema()

    def check(self, checks: Checks) -> None:
        """Add what is wrong."""
        checks.ids("organization_id", "user_id")
        checks.description()
        checks.lifetime()
        checks.networks("ip_allowlist")
        checks.members("scopes")

    @classmethod
    def calls(cls) -> "type[Calls]":
        """Return how the service is asked for it."""
        from app.terraform.calls.token import TokenCalls

        return TokenCalls
