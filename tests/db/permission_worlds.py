"""Random organizations with trees, groups and grants, and a model of what these come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias
from uuid import UUID, uuid4

from app.catalogue import LEVELS, Catalogue, Level
from tests.db import rows
from tests.db.rows import Connection

Grant: TypeAlias = tuple[UUID, UUID, str]
"""Who, on what, which role or permission."""

UNIT: Level = "ORGANIZATIONAL_UNIT"


@dataclass(frozen=True)
class World:
    """An organization; what is in it has ids of its own."""

    organization_id: UUID = field(default_factory=uuid4)
    users: dict[UUID, bool] = field(default_factory=dict[UUID, bool])
    """Whether it is an application user."""
    groups: dict[UUID, set[UUID]] = field(default_factory=dict[UUID, set[UUID]])
    """The members."""
    parents: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """Of each resource, the organization where it is directly below that."""
    levels: dict[UUID, Level] = field(default_factory=dict[UUID, Level])
    grants: set[Grant] = field(default_factory=set[Grant])

    @property
    def holders(self) -> list[tuple[UUID, bool]]:
        """Everybody that can be asked about, and whether it is a group."""
        return [(user, False) for user in self.users] + [(group, True) for group in self.groups]

    @property
    def places(self) -> list[UUID]:
        return [self.organization_id, *self.parents]

    def sources(self, holder: UUID, place: UUID) -> set[Grant]:
        """The model: the grants that reach a holder on a place."""
        holders = {holder} | {group for group, members in self.groups.items() if holder in members}
        above = {place}
        while place != self.organization_id:
            place = self.parents[place]
            above.add(place)
        return {grant for grant in self.grants if grant[0] in holders and grant[1] in above}

    def permissions(self, holder: UUID, place: UUID, catalogue: Catalogue) -> set[str]:
        """The model: what they come to."""
        given = {name for _, _, name in self.sources(holder, place)}
        return set[str]().union(*(opened(name, catalogue) for name in given))


def opened(name: str, catalogue: Catalogue) -> set[str]:
    """The model of a role: itself, what it includes, and what that includes."""
    includes = catalogue.entries[name].includes
    if "*" in includes:
        return set(catalogue.entries)
    return {name}.union(*(opened(included, catalogue) for included in includes))


def draw(dice: Random, catalogue: Catalogue) -> World:
    """Make a world up."""
    world = World()
    world.levels[world.organization_id] = "ORGANIZATION"
    for number in range(dice.randint(1, 5)):
        world.users[uuid4()] = bool(number % 2)
    for _ in range(dice.randint(0, 3)):
        world.groups[uuid4()] = {user for user in world.users if dice.randint(0, 1)}
    for _ in range(dice.randint(0, 7)):
        units = [place for place, level in world.levels.items() if level != "PROJECT"]
        made = uuid4()
        # The newest unit more often than not, so that there are deep trees, too.
        world.parents[made] = units[-1] if dice.randint(0, 2) else dice.choice(units)
        world.levels[made] = dice.choice(LEVELS[1:]) if dice.randint(0, 1) else UNIT
    names = grantable(catalogue)
    holders = [holder for holder, _ in world.holders]
    for _ in range(dice.randint(0, 14)):
        place = dice.choice(world.places)
        name = dice.choice(names[world.levels[place]])
        world.grants.add((dice.choice(holders), place, name))
    return world


def grantable(catalogue: Catalogue) -> Mapping[Level, list[str]]:
    """Return the names by level, those that this service enforces several times over."""
    return {
        level: [
            name
            for name, entry in catalogue.entries.items()
            if level in entry.levels
            for _ in range(3 if entry.is_enforced_here else 1)
        ]
        for level in LEVELS
    }


async def write(world: World, connection: Connection) -> None:
    """Write a world past the service."""
    own = {"organization_id": world.organization_id}
    written = [("organization", rows.organization(**own))]
    for user, is_application_user in world.users.items():
        made = rows.user(**own, user_id=user, is_application_user=is_application_user)
        written.append(("organization_user", made))
    for group, members in world.groups.items():
        written.append(("user_group", rows.group(**own, group_id=group)))
        for user in members:
            row = rows.membership(**own, group_id=group, user_id=user)
            written.append(("group_member", row))
    for place, parent in world.parents.items():
        parent_id = None if parent == world.organization_id else parent
        row = rows.resource(**own, resource_id=place, kind=world.levels[place], parent_id=parent_id)
        written.append(("resource", row))
    for holder, place, name in world.grants:
        row = rows.grant(
            **own,
            principal_id=holder,
            is_group=holder in world.groups,
            resource_id=place,
            permission=name,
        )
        written.append(("permission_grant", row))
    async with connection.transaction():
        for table, row in written:
            await rows.insert(connection, table, row)
