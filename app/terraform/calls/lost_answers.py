"""What may have been made although no answer said so."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.client import ClientError
from app.client.errors import UNSURE, Unreached
from app.terraform.diagnostics import Problem

IMPORT = (
    "It was made by this call, or before. To go on with it, import it as {}; otherwise delete it."
)


@asynccontextmanager
async def told(
    what: str, find_id: Callable[[], Awaitable[str | None]], remedy: str = IMPORT
) -> AsyncGenerator[None]:
    """Say what to do about a thing that may have been made. Raises Problem.

    It is not taken up: nobody can tell whether it was there before, and Terraform would delete what
    it takes for half-made.
    """
    try:
        yield
    except UNSURE as error:
        if isinstance(error, Unreached):
            raise
        try:
            found = await find_id()
        except ClientError:
            raise Problem(
                f"The answer was lost, and {what} may have been made",
                f"{error} The service cannot say at this moment. Look there before you apply"
                " again.",
            ) from None
        if found is None:
            raise
        raise Problem(
            f"The answer was lost, and {what} is there",
            f"{error} {remedy.format(found)}",
        ) from None
