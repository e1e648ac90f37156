"""Terraform's types that the framework has not, or not for values that are not known yet.

At the time of a plan a value may be unknown, plainly or with what Terraform can already say about
it, for example its prefix; the second kind comes as an extension that has to go back as it came.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any, cast

from msgpack import ExtType
from tf import types

State = dict[str, Any]
TEXT, NUMBER, BOOL = types.String(), types.Number(), types.Bool()


def is_unknown(value: object) -> bool:
    """Tell whether a value will only be known when the plan is applied."""
    return value is types.Unknown or isinstance(value, ExtType)


def is_given(value: object) -> bool:
    """Tell whether a value is there and known."""
    return value is not None and not is_unknown(value)


def time(value: datetime | None) -> str | None:
    """Return a time as RFC 3339 has it, in UTC."""
    return value and value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Flag(types.TfType):
    """True or false, where leaving it out is false."""

    def encode(self, value: Any) -> Any:
        """Return it as it is."""
        return value

    def decode(self, value: Any) -> Any:
        """Return it as it is."""
        return value

    def semantically_equal(self, a_decoded: Any, b_decoded: Any) -> bool:
        """Tell whether two are the same; None is false."""
        return (a_decoded or False) == (b_decoded or False)

    def tf_type(self) -> bytes:
        """Return how the protocol names it."""
        return BOOL.tf_type()


class TextSet(types.Set):
    """A set of strings; in Python a list."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def encode(self, value: Any) -> Any:
        """Return what is sent."""
        return value

    def decode(self, value: Any) -> Any:
        """Return what was received."""
        return value

    def semantically_equal(self, a_decoded: Any, b_decoded: Any) -> bool:
        """Tell whether two have the same members; what is unknown is like nothing else."""
        if not (is_given(a_decoded) and is_given(b_decoded)):
            return a_decoded is b_decoded
        return self._members(a_decoded) == self._members(b_decoded)

    def _members(self, value: Iterable[object]) -> set[object]:
        return {self.canonical(each) if isinstance(each, str) else each for each in value}

    def canonical(self, member: str) -> str:
        """Return what members are compared by."""
        return member


class NetworkSet(TextSet):
    """A set of networks: an address is the network of it alone, however they are written."""

    def canonical(self, member: str) -> str:
        """Return the network as Python writes it."""
        try:
            return str(ip_network(member))
        except ValueError:
            return member


class Keepers(types.Map):
    """Texts whose change makes another token; to begin or to stop keeping any does not."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def encode(self, value: Any) -> Any:
        """Return what is sent."""
        return value

    def decode(self, value: Any) -> Any:
        """Return what was received."""
        return value

    def semantically_equal(self, a_decoded: Any, b_decoded: Any) -> bool:
        """Tell whether the token may stay."""
        return a_decoded is None or b_decoded is None or a_decoded == b_decoded


class Object(types.TfType):
    """A value with named attributes; in Python a dict with all of them."""

    def __init__(self, attributes: Mapping[str, types.TfType]) -> None:
        self.attributes = attributes

    def encode(self, value: Any) -> Any:
        """Return what is sent."""
        if not is_given(value):
            return value
        members = cast("State", value)
        return {name: kind.encode(members[name]) for name, kind in self.attributes.items()}

    def decode(self, value: Any) -> Any:
        """Return what was received."""
        if not is_given(value):
            return value
        members = cast("State", value)
        return {name: kind.decode(members[name]) for name, kind in self.attributes.items()}

    def tf_type(self) -> bytes:
        """Return how the protocol names it."""
        named = {name: json.loads(kind.tf_type()) for name, kind in self.attributes.items()}
        return json.dumps(["object", named]).encode()
