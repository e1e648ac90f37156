"""The provider as the framework calls it, without Terraform."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import start_blocking_portal
from tf import iface
from tf.types import Unknown
from tf.utils import Diagnostics

from app.terraform.connection import Connection
from app.terraform.managed import Managed
from app.terraform.provider import AppusersProvider


@contextmanager
def configured(url: str, token: str) -> Generator[AppusersProvider]:
    """A provider that is configured."""
    with start_blocking_portal() as portal:
        made = AppusersProvider(Connection(portal))
        diagnostics = Diagnostics()
        made.configure_provider(diagnostics, {"url": url, "token": token, "allow_http": None})
        assert not diagnostics.has_errors()
        try:
            yield made
        finally:
            made.connection.close()


def plan(kind: type[Managed], **values: object) -> dict[str, Any]:
    """Return what is planned: these values, and what the service sets unknown."""
    attributes = kind.get_schema().attributes
    return {each.name: Unknown if each.computed else None for each in attributes} | values


def create(
    provider: AppusersProvider, kind: type[Managed], **values: object
) -> tuple[dict[str, Any] | None, str]:
    """Make a thing; return its state, and the errors and warnings."""
    diagnostics = Diagnostics()
    context = iface.CreateContext(diagnostics, "")
    return kind(provider).create(context, plan(kind, **values)), said(diagnostics)


def read(
    provider: AppusersProvider, kind: type[Managed], state: dict[str, Any]
) -> tuple[dict[str, Any] | None, str]:
    """Refresh a thing; return its state, None where it is gone, and the errors and warnings."""
    diagnostics = Diagnostics()
    return kind(provider).read(iface.ReadContext(diagnostics, ""), state), said(diagnostics)


def adopt(
    provider: AppusersProvider, kind: type[Managed], id: str
) -> tuple[dict[str, Any] | None, str]:
    """Import a thing; return its state, and the errors and warnings."""
    diagnostics = Diagnostics()
    return kind(provider).import_(iface.ImportContext(diagnostics, ""), id), said(diagnostics)


def said(diagnostics: Diagnostics) -> str:
    """Return the errors and warnings, an empty text for none."""
    return str(diagnostics) if diagnostics.has_errors() or diagnostics.has_warnings() else ""
