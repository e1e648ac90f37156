"""Verification: from a presented token to what it is, or to nothing; the hot path.

Every refusal is the same to whoever presents the token; its reason is for the organization.
"""

import asyncio
from dataclasses import dataclass, field
from ipaddress import ip_network
from uuid import UUID

from app import addresses, metrics, token_format, user_agents
from app.activity import Activity
from app.addresses import Address
from app.audit import Action, Target
from app.look_ups import Answer, LookUps
from app.origins import Author, Origin
from app.refusals import Refusals
from app.token_format import Peppers
from db.pool import DatabaseUnavailable
from db.presented import PresentedToken

__all__ = ["Presented", "PresentedToken", "Verifier"]

TOKEN_CHARACTERS = 256
DEADLINE_SECONDS = 0.95
"""From the presentation to the answer, an extension that is written before it included."""

_NOBODYS_NETWORK = "203.0.113.0/24"
"""RFC 5737."""


@dataclass(slots=True, eq=False)
class Presented:
    """A token that somebody presents; its look-up is under way. Nobody changes it: to freeze it
    would cost more than to recognize it.
    """

    organization_id: UUID
    """What it names. That it is of this organization nobody knows yet."""
    credential: str = field(repr=False)
    answer: "asyncio.Future[Answer]" = field(repr=False)
    deadline: float
    """By the loop's clock."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Tells whether a token is good."""

    look_ups: LookUps
    peppers: Peppers
    activity: Activity
    refusals: Refusals

    def begin(
        self, credential: str, resource_id: UUID | None = None, *, aside: bool = False
    ) -> Presented | None:
        """Start to look a token up, with what it may on a resource of its organization.

        None stands for the organization itself. Returns None, and asks no database, where the
        shape or checksum is wrong. ``aside`` is as in ``LookUps.ask``.
        """
        if len(credential) > TOKEN_CHARACTERS:
            return None
        recognized = token_format.recognize(credential)
        if recognized is None:
            return None
        answer = self.look_ups.ask(
            recognized.organization_id, recognized.token_id, resource_id, aside=aside
        )
        deadline = answer.get_loop().time() + DEADLINE_SECONDS
        return Presented(recognized.organization_id, credential, answer, deadline)

    async def finish(
        self,
        presented: Presented | None,
        address: Address | None,
        user_agent: str | None,
        request_id: str | None,
    ) -> PresentedToken | None:
        """Return the token where it is good, and note its use; None where it is refused.

        ``address`` and ``user_agent`` are those of whoever uses the token. Raises
        DatabaseUnavailable.
        """
        if presented is None:
            metrics.refused("MALFORMED")
            return None
        token = self._judge(presented, await presented.answer, address, user_agent, request_id)
        if token is not None:
            await self.use(presented, token, address, user_agent)
        return token

    async def use(
        self,
        presented: Presented,
        token: PresentedToken,
        address: Address | None,
        user_agent: str | None,
    ) -> None:
        """Note a use of a token that ``check`` found good. Raises DatabaseUnavailable."""
        try:
            extension = self.activity.count(token, address, user_agent, presented.deadline)
            if extension is not None:
                await extension
        except DatabaseUnavailable:
            metrics.UNAVAILABLE.add()
            raise
        metrics.ACTIVE.add()

    async def check(
        self,
        presented: Presented,
        address: Address | None,
        user_agent: str | None,
        request_id: str | None,
    ) -> PresentedToken | None:
        """Return the token where it is good; None where it is refused. Its use is not noted.

        Raises DatabaseUnavailable.
        """
        return self._judge(presented, await presented.answer, address, user_agent, request_id)

    async def decline(self, presented: Presented, address: Address | None) -> None:
        """Take as long as it takes to refuse a token; whose it is makes no difference.

        It is nobody's use, and nothing is noted. Raises DatabaseUnavailable.
        """
        self._verify(presented, await presented.answer)
        _take_as_long_as_networks(address)
        metrics.refused("ELSEWHERE")

    async def identify(self, presented: Presented) -> PresentedToken | None:
        """Return the token whose secret this is, good or not; nothing is noted.

        Raises DatabaseUnavailable.
        """
        return self._genuine(presented, await presented.answer)

    def _judge(
        self,
        presented: Presented,
        answer: Answer,
        address: Address | None,
        user_agent: str | None,
        request_id: str | None,
    ) -> PresentedToken | None:
        token = self._verify(presented, answer)
        if token is None:
            _take_as_long_as_networks(address)
            metrics.refused(self._why_not_genuine(answer))
            return None
        reason = token.refusal or (None if _allowed(token, address) else "NETWORK")
        if reason is None:
            return token
        metrics.refused(reason)
        if reason != "NETWORK":
            _take_as_long_as_networks(address)
        action = (
            Action.SUPERSEDED_TOKEN_AUTHENTICATE
            if reason == "SUPERSEDED"
            else Action.TOKEN_AUTHENTICATE
        )
        target = Target("TOKEN", token.token_id, token.user_id)
        # Behind the answer: of a token that there is not, nothing is noted.
        presented.answer.get_loop().call_soon(
            self.note_refusal, token, action, target, reason, address, user_agent, request_id
        )
        return None

    def _why_not_genuine(self, answer: Answer) -> metrics.TokenRefusal:
        """Return what callers are not to see: with a wrong pepper, every secret is wrong."""
        if not isinstance(answer, PresentedToken):
            return "UNKNOWN"
        is_known = answer.pepper_version in self.peppers.keys  # (house: a version is no secret)
        return "WRONG_SECRET" if is_known else "PEPPER_MISSING"

    def _verify(self, presented: Presented, answer: Answer) -> PresentedToken | None:
        try:
            return self._genuine(presented, answer)
        except DatabaseUnavailable:
            metrics.UNAVAILABLE.add()
            raise

    def _genuine(self, presented: Presented, answer: Answer) -> PresentedToken | None:
        if isinstance(answer, DatabaseUnavailable):
            # One of its own: others have the same answer, and would keep each other's frames.
            raise DatabaseUnavailable(str(answer)) from answer.__cause__
        genuine = token_format.matches(
            presented.credential,
            self.peppers,
            answer.secret_hmac if answer else None,
            answer.pepper_version if answer else None,
        )
        return answer if genuine else None

    def note_refusal(
        self,
        token: PresentedToken,
        action: Action,
        target: Target,
        reason: str,
        address: Address | None,
        user_agent: str | None,
        request_id: str | None,
    ) -> None:
        """Tell the organization of a genuine token what its holder is not told.

        With a wrong secret anybody could fill a trail.
        """
        author = Author(
            "USER", token.user_id, token.token_id, origin_of(address, user_agent, request_id)
        )
        self.refusals.note(token.organization_id, author, action, target, reason)


def origin_of(address: Address | None, user_agent: str | None, request_id: str | None) -> Origin:
    """Return where a request comes from, as the trail says it."""
    return Origin(
        addresses.text(address) if address else None,
        user_agents.stored(user_agent) or None,
        request_id,
    )


def _allowed(token: PresentedToken, address: Address | None) -> bool:
    """Tell whether the token's own list and the policy's have the address, where there are such."""
    if token.ip_allowlist is None and token.policy_networks is None:
        return True
    lists = (found for found in (token.ip_allowlist, token.policy_networks) if found is not None)
    return all(address is not None and addresses.inside(address, found) for found in lists)


def _take_as_long_as_networks(address: Address | None) -> None:
    """Read a list of networks and hold an address against it, for the clock alone.

    That a token is refused for something else than its networks is not to be seen by it.
    """
    if address is not None:
        addresses.inside(address, (ip_network(_NOBODYS_NETWORK),))
