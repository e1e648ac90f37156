"""One connection to the service for all that Terraform asks at once."""

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar

from anyio.from_thread import BlockingPortal

from app.terraform.diagnostics import Problem

if TYPE_CHECKING:
    from app.client import Client
    from app.terraform.access import Access

Answer = TypeVar("Answer")
NAME = "terraform-provider-appusers"


class Connection:
    """Runs the client for the framework's threads, in the loop of a portal."""

    def __init__(self, portal: BlockingPortal) -> None:
        self._portal = portal
        self._client: Client | None = None
        self._memberships: frozenset[str] | None = None
        self._homes: dict[str, str] = {}
        """The organization of each user and group that was seen; it never changes."""

    def open(self, access: "Access") -> None:
        """Take up the provider's configuration. Raises ClientError."""
        from stamina.instrumentation import set_on_retry_hooks

        from app.client import Client

        # Retries would be logged to standard output, which is the framework's.
        set_on_retry_hooks([])
        self.close()
        self._client = Client(
            access.url,
            access.token,
            allow_http=access.allow_http,
            user_agent=f"{NAME}/{version('application-users')}",
        )
        self._memberships = None
        self._homes = {}

    def close(self) -> None:
        """End it."""
        if self._client is not None:
            self._portal.call(self._client.__aexit__, None, None, None)
            self._client = None

    def run(self, work: "Callable[[Client], Awaitable[Answer]]") -> Answer:
        """Return what the work comes to, and raise what it raises."""
        client = self._client
        if client is None:
            raise Problem("The provider is not configured", "Terraform asked it too early.")
        return self._portal.call(work, client)

    async def confirm(self, client: "Client", organization_id: str) -> None:
        """Make sure that what is missing in an organization does not exist.

        To who is not in it, everything of it seems to be missing; to take that for true would throw
        the state away, and the tokens in it. Raises Problem.
        """
        if self._memberships is None:
            viewer = await client.viewer()
            self._memberships = frozenset(each.organization_id for each in viewer.memberships)
        if organization_id not in self._memberships:
            raise Problem(
                "The provider's token is not of this organization",
                f"Its user is not a member of {organization_id}, and so cannot tell what is there."
                " Use a token of that organization, or mend `organization_id`.",
                "organization_id",
            )

    def remember(self, principal_id: str, organization_id: str) -> None:
        """Keep what an answer said of a user or a group, so that nobody has to ask for it."""
        self._homes[principal_id] = organization_id

    async def home_of(self, client: "Client", principal_id: str) -> str | None:
        """Return the organization of a user or a group; None where there is none to see."""
        if principal_id not in self._homes:
            node = await client.organization_of(principal_id)
            found: str | None = getattr(node, "organization_id", None)
            if found is None:
                return None
            self._homes[principal_id] = found
        return self._homes[principal_id]
