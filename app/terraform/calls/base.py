"""What the calls of every kind have in common."""

from abc import ABC, abstractmethod

from tf.utils import Diagnostics

from app.client import Client
from app.terraform.diagnostics import Problem
from app.terraform.managed import Provider
from app.terraform.values import State


class Calls(ABC):
    """The calls of one resource, for one thing that Terraform asks."""

    def __init__(
        self, provider: Provider, diagnostics: Diagnostics, names: tuple[str, ...]
    ) -> None:
        self.provider = provider
        self.diagnostics = diagnostics
        self._names = names

    def id_of(self, state: State) -> str:
        """Return what `terraform import` takes."""
        return "/".join(state[name] for name in self._names)

    def here(self, state: State, principal_id: str, organization_id: str) -> None:
        """Make sure that a user or a group, and what it has, is of the organization of a state.

        A token may be of two: what the one has would be taken for missing in the other. Raises
        Problem.
        """
        self.provider.connection.remember(principal_id, organization_id)
        if organization_id != state["organization_id"]:
            raise Problem(
                "`organization_id` is another one",
                f"{principal_id} is of {organization_id}, and not of {state['organization_id']}."
                " Mend `organization_id`; what stands so in the state already, `terraform state rm`"
                " takes out, and `terraform import` brings in anew.",
                "organization_id",
            )

    async def look_here(self, client: Client, state: State, principal_id: str) -> None:
        """Do that for one that no answer told of; none at all is left to the call that needs it.

        The API takes its id alone, and finds it wherever it is.
        """
        home = await self.provider.connection.home_of(client, principal_id)
        if home is not None:
            self.here(state, principal_id, home)

    @abstractmethod
    async def make(self, client: Client, planned: State) -> State:
        """Make it and return what the service says of it."""

    @abstractmethod
    async def find(self, client: Client, current: State) -> State | None:
        """Return what the service says of it, None where it seems to be gone."""

    async def change(self, client: Client, current: State, planned: State) -> None:
        """Change what can change in place; nothing can where this is not overridden."""
        raise AssertionError("each of its attributes makes another one")

    @abstractmethod
    async def end(self, client: Client, current: State) -> None:
        """Delete it. Raises Refused where it is gone already, which is as good."""

    @abstractmethod
    async def adopt(self, client: Client, given: State) -> State | None:
        """Return what the service says of what is imported, by the attributes of its id."""


class SourceCalls(ABC):
    """The calls of one data source."""

    def __init__(self, provider: Provider) -> None:
        self.connection = provider.connection

    @abstractmethod
    async def find(self, client: Client, config: State) -> State:
        """Return all attributes. Raises Problem where there is nothing."""
