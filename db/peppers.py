"""What depends on which version of the pepper, in the whole database."""

from dataclasses import dataclass

from db import hosts
from db.pool import AWAY, CONNECT_SECONDS, DatabaseUnavailable, describe


@dataclass(frozen=True, slots=True)
class Dependents:
    """What a version of the pepper is needed for."""

    pepper_version: int
    token_count: int
    """Tokens that are accepted, or could be again."""
    webhook_count: int
    """Endpoints whose signing key comes of it."""


# The owner's, and so no …_SQL: the serving role may not read a token's version, and tests run every
# statement of that name as the serving role.
_COUNT = """
SELECT d.pepper_version, sum(d.tokens)::bigint AS token_count,
       sum(d.webhooks)::bigint AS webhook_count
  FROM (SELECT t.pepper_version, count(*) AS tokens, 0 AS webhooks
          FROM public.token t
         WHERE t.revoke_time IS NULL
           AND coalesce(least(t.expiry_time, t.overlap_end_time), 'infinity') > now()
         GROUP BY t.pepper_version
         UNION ALL
        SELECT w.pepper_version, 0, 1
          FROM public.webhook_endpoint w
         WHERE w.delete_time IS NULL
         UNION ALL
        -- Its former key signs, too, for a day.
        SELECT w.previous_pepper_version, 0, 1
          FROM public.webhook_endpoint w
         WHERE w.delete_time IS NULL AND w.previous_key_end_time > now()
           AND w.previous_pepper_version <> w.pepper_version) d
 GROUP BY d.pepper_version
 ORDER BY d.pepper_version
"""


async def count_as_owner(owner_dsn: str) -> list[Dependents]:
    """Return what depends on each version; every token is read. Raises DatabaseUnavailable."""
    try:
        owner = await hosts.connect(owner_dsn, CONNECT_SECONDS)
        try:
            return [Dependents(*row) for row in await owner.fetch(_COUNT)]
        finally:
            await owner.close()
    except AWAY as error:
        raise DatabaseUnavailable(describe(error)) from error
