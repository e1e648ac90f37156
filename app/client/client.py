"""The connection to a service: whom it is asked as, and how patiently."""

import asyncio
import time
import uuid
from typing import Any, cast

import httpx
import stamina

from app.client import addresses, answers
from app.client.errors import NotAnswered, Postponed, RateLimited, Unreached
from app.client.generated import GeneratedClient, GenerateTokenInput, RotateTokenInput
from app.client.generated.async_base_client import HttpClient, Response

MEDIA = "application/graphql-response+json, application/json;q=0.9"
REQUEST_S = 30.0
PATIENCE_S = 60.0
# What else there is may be asked for again and comes to the same.
ONCE = ("Create", "Delete")


class Client(GeneratedClient):
    """Calls the service as the holder of a token; an asynchronous context manager.

    Each operation of ``operations/`` is a method. Rate limits (429), an absent database (503) and a
    service that does not answer are waited for, ``patience_s`` in all, as long as asking again
    cannot do anything twice: `generate_token` and `rotate_token` get an idempotency key for that.

    A mutation that is refused raises Refused, and every other failure another ClientError.

    Raises InvalidUrl for an address that is none, or that is neither https nor this host's, unless
    ``allow_http``.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        allow_http: bool = False,
        patience_s: float = PATIENCE_S,
        user_agent: str = "application-users-client",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._patience_s = patience_s
        endpoint = addresses.endpoint(url, allow_http=allow_http)
        headers = {
            "Accept": MEDIA,
            "Authorization": addresses.header(token),
            "User-Agent": user_agent,
        }
        # A redirect is not followed: it would be told the token. A proxy of the
        # environment would be, too, what is for this host, and over http in plain text.
        http = httpx.AsyncClient(
            headers=headers,
            timeout=REQUEST_S,
            transport=transport,
            mounts=dict.fromkeys(addresses.LOCAL_PATTERNS),
        )
        # The generated signature is narrower than what it is called with.
        super().__init__(url=endpoint, http_client=cast("HttpClient", http))

    async def execute(
        self,
        query: str,
        operation_name: str | None = None,
        variables: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Response:
        """Send an operation, again where that is safe, and return an answer that has data."""
        variables = dict(variables or {})
        given: object = variables.get("input")
        is_keyed = isinstance(given, GenerateTokenInput | RotateTokenInput)
        if is_keyed and given.idempotency_key is None:
            variables["input"] = given.model_copy(update={"idempotency_key": str(uuid.uuid4())})
        is_safe = is_keyed or not (operation_name or "").startswith(ONCE)

        deadline = time.monotonic() + self._patience_s

        def again(error: Exception) -> bool | float:
            return _delay(error, is_safe=is_safe, left_s=deadline - time.monotonic())

        async for attempt in stamina.retry_context(
            again, attempts=None, timeout=self._patience_s, wait_initial=0.2
        ):
            with attempt:
                return await self._send(query, operation_name, variables, **kwargs)
        raise AssertionError("the last attempt returns or raises")

    async def _send(
        self, query: str, operation_name: str | None, variables: dict[str, Any], **kwargs: Any
    ) -> httpx.Response:
        try:
            # Each byte would begin the time of httpx anew.
            async with asyncio.timeout(REQUEST_S):
                response = await super().execute(query, operation_name, variables, **kwargs)
        except TimeoutError as error:
            raise NotAnswered(f"{self.url} did not answer in {REQUEST_S:g} s") from error
        except httpx.ConnectError as error:
            raise Unreached(f"{self.url} cannot be reached: {error}") from error
        except httpx.RequestError as error:
            why = str(error) or type(error).__name__
            raise NotAnswered(f"{self.url} did not answer: {why}") from error
        answered = cast("httpx.Response", response)
        answers.check(answered)
        return answered

    def get_data(self, response: Response) -> dict[str, Any]:
        """Return the data of an answer that `execute` let through. Raises Refused."""
        data: dict[str, Any] = response.json()["data"]
        answers.check_outcome(data)
        return data


def _delay(error: Exception, *, is_safe: bool, left_s: float) -> bool | float:
    """Return whether to ask again, or in how many seconds."""
    if isinstance(error, Postponed):
        is_sure = is_safe or isinstance(error, RateLimited)
        return error.retry_after_s if is_sure and error.retry_after_s < left_s else False
    return isinstance(error, Unreached) or (is_safe and isinstance(error, NotAnswered))
