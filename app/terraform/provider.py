"""The provider, and the process that Terraform starts: ``terraform-provider-appusers``."""

import signal
import sys
from collections.abc import Mapping
from typing import Any

from anyio.from_thread import start_blocking_portal
from tf import iface, runner
from tf.schema import Attribute, Schema
from tf.utils import Diagnostics

from app.terraform import environment
from app.terraform.connection import Connection
from app.terraform.diagnostics import Problem
from app.terraform.install import SOURCE
from app.terraform.kinds.application_user import ApplicationUser, ApplicationUserSource
from app.terraform.kinds.group import Group
from app.terraform.kinds.group_member import GroupMember
from app.terraform.kinds.permission import Permission
from app.terraform.kinds.token import Token
from app.terraform.kinds.token_schema import WARNING
from app.terraform.kinds.user_list import UserList
from app.terraform.managed import PREFIX, Managed, Source, schema
from app.terraform.values import BOOL, TEXT

RESOURCES: list[type[Managed]] = [ApplicationUser, Token, Permission, Group, GroupMember]
SOURCES: list[type[Source]] = [ApplicationUserSource, UserList]


class AppusersProvider(iface.Provider):
    """What Terraform can manage of an organization."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._has_warned = False

    def get_model_prefix(self) -> str:
        """Return what all types' names begin with."""
        return PREFIX

    def full_name(self) -> str:
        """Return the provider's source address."""
        return SOURCE

    def get_provider_schema(self, diags: Diagnostics) -> Schema:
        """Return the attributes of its configuration."""
        return provider_schema()

    def validate_config(self, diags: Diagnostics, config: Mapping[str, Any]) -> None:
        """Nothing is to be said before the environment of the apply is known."""

    def configure_provider(self, diags: Diagnostics, config: Mapping[str, Any]) -> None:
        """Take up a configuration; the service is not asked before something needs it."""
        from app.client import ClientError
        from app.terraform import access, failures

        try:
            self.connection.open(access.chosen(config, environment.variables()))
        except (Problem, ClientError) as error:
            failures.report(diags, error, provider_schema())

    def get_data_sources(self) -> list[type[iface.DataSource]]:
        """Return the data sources."""
        return list(SOURCES)

    def get_resources(self) -> list[type[iface.Resource]]:
        """Return the resources."""
        return list(RESOURCES)

    def warn_of_state(self, diags: Diagnostics) -> None:
        """Warn that a token lands in state, once for all tokens of an apply."""
        if not self._has_warned:
            self._has_warned = True
            diags.add_warning(*WARNING)


def provider_schema() -> Schema:
    """Return the attributes of the provider's configuration."""
    return schema(
        "Application users, their tokens, groups and permissions of an organization."
        " **Experimental**.",
        Attribute(
            "url",
            TEXT,
            "The service's address, for example `https://tokens.example.com`. Without `url` and"
            " `token`, APPUSERS_URL and APPUSERS_TOKEN. A token of the environment is not sent to"
            " an address of the configuration, unless APPUSERS_URL is the same one; and a `token`"
            " needs an `url` beside it.",
            optional=True,
        ),
        Attribute(
            "token",
            TEXT,
            "An access token, of an administrator to manage everything. Better left to"
            " APPUSERS_TOKEN.",
            optional=True,
            sensitive=True,
        ),
        Attribute(
            "allow_http",
            BOOL,
            "Send the token to another host without encryption. Without, APPUSERS_ALLOW_HTTP.",
            optional=True,
        ),
    )


class Patient(runner._ShutdownInterceptor):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    """Lets what was begun come to its end when somebody stops Terraform.

    The framework would cut it off, and what the service makes meanwhile would be in no state.
    """

    def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        """Stop at the end alone, when Terraform has every answer."""
        if handler_call_details.method.endswith("/StopProvider"):
            return continuation(handler_call_details)
        return super().intercept_service(continuation, handler_call_details)


def main() -> None:
    """Serve Terraform until it says that it is done."""
    if not environment.runs_under_terraform():
        sys.exit("Terraform runs this by itself: `appusers terraform install` lets it find it.")
    # Ctrl-C reaches all processes of a terminal; it is Terraform that ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    runner._ShutdownInterceptor = Patient  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    with start_blocking_portal() as portal:
        connection = Connection(portal)
        runner.run_provider(AppusersProvider(connection))
        connection.close()


if __name__ == "__main__":
    main()
