"""The plaintext leaves once; it is in no log, error, metric, span, view, dump or WAL.

A thousand tokens, live, revoked and never made, are put into every wrong place, whole and damaged:
documents, variables, names, headers, URLs, bodies, forms, JWTs. Then all that was written meanwhile
is searched, plain and encoded, for 16 characters of any secret, of the pepper, of the database's
password. The control plants a token on each surface by the surface's own means, and the search
finds exactly those. ``python -m tests.promises.canary --pastes 20`` is the long form.
"""

from collections.abc import AsyncIterator

import pytest

from tests.promises import canary_plants, canary_scene
from tests.promises.canary_scene import Scene
from tests.promises.canary_tokens import FORMS, never_made
from tests.promises.conftest import Figure

COUNT = 1000


@pytest.fixture(scope="module")
async def scene() -> AsyncIterator[Scene]:
    """An installation that tells all it can, with a thousand tokens lost in it."""
    async with canary_scene.scene() as made:
        tokens = await made.lose(COUNT)
        await made.paste(tokens, 1)
        yield made


async def test_no_secret_is_on_any_surface(scene: Scene, figure: Figure) -> None:
    surfaces = await scene.surfaces()
    found = scene.found(surfaces)
    told = {name: scene.needles.whereabouts(surfaces[name]) for name in found}
    assert not found, told
    # It was all there: requests were answered, their tokens arrived, and every surface was written.
    assert scene.pasted.total() == COUNT
    assert len(scene.pasted) > 450
    assert scene.unsent.total() < 40
    assert scene.statuses[200] > 400
    assert scene.statuses[429] == 0
    assert scene.statuses[500] == 2 * len(scene.places) * 2, scene.statuses
    assert all(surfaces.values()), {name: len(content) for name, content in surfaces.items()}
    for log in ("console log", "json log"):
        assert surfaces[log].count(b"http.request") > 400
        assert surfaces[log].count(b"nobody expected appu_") > 0
        assert surfaces[log].count(b"Key (description)=(appu_") > 0
    assert b"secret_hmac" in surfaces["PostgreSQL's log"]
    assert b"appu_" in surfaces["dump"]
    figure(f"{COUNT:,} tokens in {len(scene.pasted)} places, on none of {len(surfaces)} surfaces")


async def test_control_what_is_planted_is_found_where_it_is(scene: Scene) -> None:
    async with canary_plants.planted(scene) as where:
        surfaces = await scene.surfaces()
        found = scene.found(surfaces)
    assert found == canary_plants.by_surface(where)
    # A surface that nothing is planted on may be one that is not searched.
    assert found.keys() == surfaces.keys()


def test_control_every_form_is_found(scene: Scene) -> None:
    """The search reads what a token becomes on its way."""
    for form in FORMS:
        (token,) = never_made(scene.places[0].organization, 1)
        scene.needles.add_tokens([token])
        assert scene.needles.found_in(f"<{form.make(token)}>".encode()) == {token[:27]}, form.name
