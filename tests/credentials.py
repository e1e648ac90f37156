"""Whether a credential is accepted, asked the way a client finds out."""

from app.errors import REFUSED
from tests.api_client import Api

WHO = "{ viewer { token { id } memberships { user { id } } } }"


async def is_accepted(api: Api, token: str) -> bool:
    """Tell whether the service takes a token; a refusal has to look like every other."""
    answer = await api.with_token(token).run(WHO)
    if answer.response.status_code == 200:
        assert "errors" not in answer.body, answer.body
        return True
    assert answer.response.status_code == 401
    assert answer.response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.body == {
        "errors": [{"message": REFUSED, "extensions": {"code": "UNAUTHENTICATED"}}]
    }
    return False
