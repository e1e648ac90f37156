"""A command's way to the service: whom it calls, about which organization, and how it ends."""

import asyncio
import functools
import os
import sys
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from app.remote import profiles
from app.remote.exits import Exit, Failure, failure
from app.remote.output import Output
from app.remote.profiles import Target
from app.remote.text import plain, say

if TYPE_CHECKING:
    from stamina.instrumentation import RetryDetails

    from app.client import Client

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
Decorated = TypeVar("Decorated", bound=Callable[..., Any])

PROFILE = click.option("--profile", metavar="NAME", help="The profile to use.")
ORGANIZATION = click.option("--organization", metavar="ID", help="The organization (org_…).")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


@dataclass
class Session:
    """An open client, and what the command line said besides."""

    client: "Client"
    output: Output
    _organization: str | None
    retried: list[Exception] = field(default_factory=list[Exception])
    """What each attempt came to that another one followed."""
    _found: str | None = field(default=None, init=False)

    async def organization(self) -> str:
        """Return the id of the organization that the command is about. Raises UsageError."""
        if self._organization is not None:
            return self._organization
        if self._found is None:
            memberships = (await self.client.viewer()).memberships
            if len(memberships) != 1:
                known = [
                    f"  {each.organization_id}  {each.organization_name}" for each in memberships
                ]
                asked = "Say which organization, by --organization or APPUSERS_ORGANIZATION:"
                raise click.UsageError(plain("\n".join([asked, *known])))
            self._found = memberships[0].organization_id
        return self._found


def remote(
    work: Callable[Concatenate[Session, Parameters], Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    """Make a command of what needs the service, with the options that all of these have."""

    @JSON
    @ORGANIZATION
    @PROFILE
    @interruptible
    @functools.wraps(work)
    def command(
        *args: Any, profile: str | None, organization: str | None, as_json: bool, **kwargs: Any
    ) -> None:
        _check_text([profile, organization, *args, *kwargs.values()])
        target = profiles.target(profile, organization)
        _run(target, Output(as_json), functools.partial(work, *args, **kwargs))

    return command


def _check_text(given: Iterable[object]) -> None:
    """Refuse what no service takes. Raises UsageError."""
    for each in given:
        if isinstance(each, tuple):
            _check_text(each)
        if isinstance(each, str) and not each.isascii():
            try:
                each.encode()
            except UnicodeEncodeError:
                raise click.UsageError("An argument is not UTF-8.") from None


def _run(
    target: Target, output: Output, work: Callable[[Session], Coroutine[Any, Any, None]]
) -> None:
    from stamina.instrumentation import set_on_retry_hooks

    from app.client import Client, ClientError

    retried: list[Exception] = []

    def announce(details: "RetryDetails") -> None:
        retried.append(details.caused_by)
        say(f"Trying again in {details.wait_for:.1f} s: {details.caused_by}")

    async def run() -> None:
        async with Client(
            target.url,
            target.token,
            allow_http=target.allow_http,
            user_agent=f"appusers/{version('application-users')}",
        ) as client:
            await work(Session(client, output, target.organization, retried))

    checked(target, _remedy(target))
    # Without a hook, a retry is logged on standard output, where scripts read.
    set_on_retry_hooks([announce])
    try:
        asyncio.run(run())
    except ClientError as error:
        raise failure(error) from None


def _remedy(target: Target) -> str:
    if target.profile is None:
        return profiles.ALLOW_HTTP
    return f"add {target.profile} again with --allow-http."


def checked(target: Target, remedy: str) -> Target:
    """Return whom to call, if a token can be sent there. Raises Failure and UsageError.

    ``remedy`` says how to allow that it is sent unencrypted.
    """
    from app.client import ClientError, addresses

    try:
        addresses.endpoint(target.url, allow_http=target.allow_http)
    except ClientError as error:
        # The client knows of the environment alone.
        message = str(error).replace(profiles.ALLOW_HTTP, remedy)
        raise click.UsageError(plain(message)) from None
    try:
        addresses.header(target.token)
    except ClientError as error:
        raise Failure(str(error), Exit.CREDENTIAL) from None
    return replace(target, url=target.url.strip(), token=target.token.strip())


def try_out(target: Target) -> None:
    """Ask the service who a credential is, and say it. Raises Failure."""

    async def greet(session: Session) -> None:
        for each in (await session.client.viewer()).memberships:
            say(f"{each.user.name} at {each.organization_name} ({each.organization_id})")

    _run(target, Output(as_json=False), greet)


def interruptible(work: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """End with code 130 where a person interrupts the command, at a question, too."""

    @functools.wraps(work)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        try:
            answer = work(*args, **kwargs)
            # Nothing that was said is left to be written when nobody hears of a failure any more.
            if sys.stdout:
                sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            # What is left of it is not tried again at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise Failure(f"Standard output cannot be written: {error.strerror}.") from None
        except KeyboardInterrupt:
            raise SystemExit(Exit.INTERRUPTED) from None
        except click.Abort as aborted:
            if isinstance(aborted.__context__, KeyboardInterrupt):
                raise SystemExit(Exit.INTERRUPTED) from None
            raise
        else:
            return answer

    return run
