"""What can be said against a configuration before anything is asked of the service."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from tf.utils import Diagnostics

from app.terraform.diagnostics import add_error
from app.terraform.values import is_given

NAME_LENGTH = 255
DESCRIPTION_LENGTH = 1000
LIST_LENGTH = 100
AGE_SECONDS = range(600, 315_360_000 + 1)
NO_SUPER_ADMIN = "Making application users super admin is no longer supported"
KINDS = {
    "organization_id": ("org_",),
    "user_id": ("user_",),
    "group_id": ("group_",),
    "principal_id": ("user_", "group_"),
    "resource_id": ("org_", "resource_"),
}


class Checks:
    """The checks of one configuration; each adds what it finds, at its attribute."""

    def __init__(self, diagnostics: Diagnostics, config: Mapping[str, Any]) -> None:
        self._diagnostics = diagnostics
        self._config = config

    def _value(self, attribute: str) -> Any:
        value = self._config.get(attribute)
        return value if is_given(value) else None

    def _add(self, attribute: str, detail: str) -> None:
        add_error(self._diagnostics, f"`{attribute}` is not valid", detail, attribute)

    def ids(self, *attributes: str) -> None:
        """An id is of the kind that it is for."""
        for attribute in attributes:
            value, prefixes = self._value(attribute), KINDS[attribute]
            if value is not None and not value.startswith(prefixes):
                self._add(attribute, f"It begins with {' or '.join(prefixes)}.")

    def name(self) -> None:
        """A name is one, and the service leaves it as it is."""
        value = self._value("name")
        if value is not None and not 0 < len(value) <= NAME_LENGTH:
            self._add("name", f"It has 1 to {NAME_LENGTH} characters.")
        self._trimmed("name")

    def description(self) -> None:
        """So is a description."""
        value = self._value("description")
        if value == "":
            self._add("description", "It cannot be empty: leave it out.")
        if value is not None and len(value) > DESCRIPTION_LENGTH:
            self._add("description", f"It has at most {DESCRIPTION_LENGTH} characters.")
        self._trimmed("description")

    def _trimmed(self, attribute: str) -> None:
        value = self._value(attribute)
        if value is not None and value != value.strip():
            self._add(
                attribute,
                "It begins or ends with white space, which the service takes away: trimspace()"
                " does so before.",
            )

    def super_admin(self) -> None:
        """Nobody asks for a super admin."""
        if self._value("is_super_admin"):
            self._add("is_super_admin", f"{NO_SUPER_ADMIN}.")

    def lifetime(self) -> None:
        """A lifetime is in seconds, and an extension has one to extend by."""
        seconds = self._value("max_age_seconds")
        # A range would be searched through for what is not an int.
        is_whole = isinstance(seconds, int)
        if seconds is not None and not (is_whole and seconds in AGE_SECONDS):
            self._add(
                "max_age_seconds",
                f"It is a whole number from {AGE_SECONDS.start} to {AGE_SECONDS.stop - 1}; without,"
                " the token never expires.",
            )
        if self._value("extend_when_used") and self._config.get("max_age_seconds") is None:
            self._add("extend_when_used", "It needs `max_age_seconds`, by which it extends.")

    def members(self, attribute: str) -> None:
        """A list is not empty, which would be read as no limit at all."""
        value = self._value(attribute)
        if value is not None and not 0 < len(value) <= LIST_LENGTH:
            self._add(attribute, f"It has 1 to {LIST_LENGTH} entries; leave it out for no limit.")
        elif value is not None and None in value:
            self._add(attribute, "None of its entries can be null.")

    def networks(self, attribute: str) -> None:
        """Networks are written as such."""
        self.members(attribute)
        for entry in self._value(attribute) or ():
            if is_given(entry):
                try:
                    ip_network(entry)
                except ValueError as error:
                    self._add(attribute, f"{error}.")

    def one_of(self, *attributes: str) -> None:
        """Of these, one is set."""
        given = [name for name in attributes if self._config.get(name) is not None]
        if len(given) != 1:
            names = " or ".join(f"`{name}`" for name in attributes)
            add_error(self._diagnostics, f"Set {names}", "Exactly one of them says which it is.")
