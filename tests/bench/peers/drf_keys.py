"""``python drf_keys.py NAME COUNT``: make tables and keys, and print the keys, one on each line.

NAME is ``api-key`` or ``knox``.
"""

# pyright: reportMissingImports=false

import sys
from collections.abc import Iterator

import django
from django.core.management import call_command
from django.utils import timezone

BATCH = 1000


def main() -> None:
    """Do what the command line says."""
    _, name, count = sys.argv
    django.setup()
    call_command("migrate", verbosity=0)
    make = {"api-key": api_keys, "knox": knox_tokens}[name]
    for key in make(int(count)):
        print(key)


def api_keys(count: int) -> Iterator[str]:
    """Make what ``APIKey.objects.create_key`` makes, many at once."""
    from rest_framework_api_key.models import APIKey

    made = [APIKey(name=f"integration {number}") for number in range(count)]
    yield from [APIKey.objects.assign_key(key) for key in made]
    APIKey.objects.bulk_create(made, BATCH)


def knox_tokens(count: int) -> Iterator[str]:
    """Make what ``AuthToken.objects.create`` makes, many at once, each of a user of its own.

    Knox reads all tokens of the user whenever it is shown one: fewer users would make it slower.
    """
    from django.contrib.auth import get_user_model
    from knox.models import AuthToken, get_digest_token
    from knox.settings import CONSTANTS, knox_settings

    user_model = get_user_model()
    users = [user_model(username=f"integration-{number}", password="!") for number in range(count)]
    user_model.objects.bulk_create(users, BATCH)
    expiry = timezone.now() + knox_settings.TOKEN_TTL
    tokens: list[AuthToken] = []
    for user in users:
        digest, token = get_digest_token()
        key = token[: CONSTANTS.TOKEN_KEY_LENGTH]
        tokens.append(AuthToken(digest=digest, token_key=key, user=user, expiry=expiry))
        yield token
    AuthToken.objects.bulk_create(tokens, BATCH)


if __name__ == "__main__":
    main()
