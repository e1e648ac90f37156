"""What all resources and data sources have in common: failures become diagnostics, and state that
may still be true is never thrown away.
"""

from abc import abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from tf import iface, types
from tf.schema import Attribute, Schema
from tf.utils import Diagnostics

from app.terraform.checks import Checks
from app.terraform.connection import Connection
from app.terraform.diagnostics import Problem
from app.terraform.values import TEXT, State

if TYPE_CHECKING:
    from app.client import Client
    from app.terraform.calls.base import Calls, SourceCalls

PREFIX = "appusers_"


class Provider(Protocol):
    """What resources need of the provider."""

    connection: Connection

    def warn_of_state(self, diags: Diagnostics) -> None:
        """Warn of what lands in state."""


def schema(description: str, *attributes: Attribute) -> Schema:
    """Return a schema without version: states of every release are brought up by `upgrade`."""
    return Schema(description=description, attributes=list(attributes))


def fixed(name: str, description: str, kind: types.TfType = TEXT) -> Attribute:
    """Return an attribute that has to be set, and whose change makes another resource."""
    return Attribute(name, kind, description, required=True, requires_replace=True)


def computed(name: str, description: str, kind: types.TfType = TEXT) -> Attribute:
    """Return an attribute that the service sets."""
    return Attribute(name, kind, description, computed=True)


class Managed(iface.Resource):
    """A resource as the framework wants it, synchronous; its `calls` are asynchronous."""

    NAME: ClassVar[str]
    ID: ClassVar[tuple[str, ...]]
    """The attributes that the id consists of, which is what `terraform import` takes."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._connection = provider.connection

    @classmethod
    def get_name(cls) -> str:
        """Return its type's name without the provider's prefix."""
        return cls.NAME

    @classmethod
    @abstractmethod
    def calls(cls) -> "type[Calls]":
        """Return how the service is asked for it."""

    @abstractmethod
    def check(self, checks: Checks) -> None:
        """Add what is wrong."""

    def validate(self, diags: Diagnostics, type_name: str, config: Mapping[str, Any]) -> None:
        """Look at a configuration, in which much may be unknown."""
        self.check(Checks(diags, config))

    def create(self, ctx: iface.CreateContext, planned: State) -> State | None:
        """Make it. State that comes with an error is kept by Terraform as tainted."""

        async def work(client: "Client", calls: "Calls") -> State:
            return self._as_planned(await calls.make(client, planned), planned)

        return self._tried(ctx, work, None)

    def read(self, ctx: iface.ReadContext, current: State) -> State | None:
        """Return it as it is; None where it is gone for certain."""

        async def work(client: "Client", calls: "Calls") -> State | None:
            found = await calls.find(client, current)
            if found is None:
                await self._connection.confirm(client, current["organization_id"])
                return None
            return current | found

        return self._tried(ctx, work, current)

    def update(self, ctx: iface.UpdateContext, current: State, planned: State) -> State | None:
        """Change it; what changes besides shows at the next refresh, as Terraform wants it."""

        async def work(client: "Client", calls: "Calls") -> State:
            await calls.change(client, current, planned)
            return self._as_planned(current, planned)

        return self._tried(ctx, work, current)

    # The framework sends what this returns to Terraform, though its annotation says otherwise.
    def delete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, ctx: iface.DeleteContext, current: State
    ) -> State | None:
        """Delete it; what could not be deleted stays in state."""

        async def work(client: "Client", calls: "Calls") -> None:
            from app.client import Refused

            try:
                await calls.end(client, current)
            except Refused as refusal:
                if refusal.kind != "NotFoundError":
                    raise
                await self._connection.confirm(client, current["organization_id"])

        return self._tried(ctx, work, current)

    def import_(self, ctx: iface.ImportContext, id: str) -> State | None:
        """Find it by its id."""
        form = f"An id has the form {'/'.join(name.upper() for name in self.ID)}."
        parts = id.split("/")

        async def work(client: "Client", calls: "Calls") -> State:
            if len(parts) != len(self.ID) or not all(parts):
                raise Problem(f"{id!r} cannot be imported", form)
            given = dict(zip(self.ID, parts, strict=True))
            await self._connection.confirm(client, given["organization_id"])
            found = await calls.adopt(client, given)
            if found is None:
                raise Problem(f"There is no {id}", form)
            blank: State = {attribute.name: None for attribute in self.get_schema().attributes}
            return blank | given | found

        return self._tried(ctx, work, None)

    def upgrade(self, ctx: iface.UpgradeContext, version: int, old: State) -> State:
        """Return a state of whatever release with all attributes of this one."""
        return {each.name: old.get(each.name) for each in self.get_schema().attributes}

    def _tried(
        self,
        ctx: "iface._Context",  # pyright: ignore[reportPrivateUsage]
        work: "Callable[[Client, Calls], Coroutine[Any, Any, State | None]]",
        otherwise: State | None,
    ) -> State | None:
        calls = self.calls()(self._provider, ctx.diagnostics, self.ID)
        return tried(
            self._connection,
            ctx.diagnostics,
            self.get_schema(),
            lambda client: work(client, calls),
            otherwise,
        )

    def _as_planned(self, found: State, planned: State) -> State:
        """Return what was planned, and what was found where the plan left it open."""
        return {
            each.name: found.get(each.name)
            if planned.get(each.name) is types.Unknown
            else planned.get(each.name)
            for each in self.get_schema().attributes
        }


class Source(iface.DataSource):
    """A data source, likewise."""

    NAME: ClassVar[str]

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @classmethod
    def get_name(cls) -> str:
        """Return its type's name without the provider's prefix."""
        return cls.NAME

    @classmethod
    @abstractmethod
    def calls(cls) -> "type[SourceCalls]":
        """Return how the service is asked for it."""

    @abstractmethod
    def check(self, checks: Checks) -> None:
        """Add what is wrong."""

    def validate(self, diags: Diagnostics, type_name: str, config: Mapping[str, Any]) -> None:
        """Look at a configuration, in which much may be unknown."""
        self.check(Checks(diags, config))

    def read(self, ctx: iface.ReadDataContext, config: State) -> State | None:
        """Return all attributes."""
        calls = self.calls()(self._provider)
        return tried(
            self._provider.connection,
            ctx.diagnostics,
            self.get_schema(),
            lambda client: calls.find(client, config),
            None,
        )


def tried(
    connection: Connection,
    diags: Diagnostics,
    schema: Schema,
    work: "Callable[[Client], Coroutine[Any, Any, State | None]]",
    otherwise: State | None,
) -> State | None:
    """Return what the work comes to; where it fails, say why and return what else there is."""
    from app.terraform import failures

    try:
        return connection.run(work)
    # The framework would show whatever the error's text holds.
    except Exception as error:  # noqa: BLE001 (it is reported)
        failures.report(diags, error, schema)
        return otherwise
