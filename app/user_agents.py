"""What people read in place of a User-Agent header."""

from functools import lru_cache

from app import token_format

MAX_LENGTH = 512


def stored(header: str | None) -> str:
    """Return what is kept of a header: at most 512 printable characters, and no token."""
    # Callers choose the length: longer ones are not to stay in memory.
    if header is None or len(header) > MAX_LENGTH:
        return _stored(header or "")
    return _remembered(header)


def _stored(header: str) -> str:
    kept = "".join(character for character in header if character.isprintable())
    return token_format.hide(kept)[:MAX_LENGTH].strip()


_remembered = lru_cache(maxsize=1024)(_stored)


@lru_cache(maxsize=1024)
def human_readable(user_agent: str | None) -> str | None:
    """Return for example ``Firefox 128 on Linux`` or ``python-httpx 0.28.1``."""
    if not user_agent:
        return None
    # Imported late: its tables take memory that a worker without readers need not spend.
    from ua_parser import parse

    found = parse(user_agent)
    agent, system = found.user_agent, found.os
    if agent is None or agent.family == "Other":
        return _product(user_agent)
    version = ".".join(part for part in (agent.major, agent.minor) if part)
    name = f"{agent.family} {version}".strip()
    return f"{name} on {system.family}" if system and system.family != "Other" else name


def _product(user_agent: str) -> str:
    """Return the first product token of RFC 9110, section 10.1.5, with a space for its slash."""
    return user_agent.split(maxsplit=1)[0].replace("/", " ", 1)
