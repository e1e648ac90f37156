"""Every wrong place that a token can be pasted into."""

from tests.api.place import Place
from tests.promises import canary_graphql, canary_http
from tests.promises.canary_sent import WrongPlace


def wrong_places(place: Place) -> list[WrongPlace]:
    """Return all of them; who asks is an administrator whose organization has one of everything."""
    bearer = {"Authorization": f"Bearer {place.organization.admin.token}"}
    return [
        *canary_graphql.documents(bearer),
        *canary_graphql.variables(place, bearer),
        *canary_http.headers(bearer),
        *canary_http.urls(bearer),
        *canary_http.bodies(bearer),
        *canary_http.forms(bearer, place.organization.id),
    ]
