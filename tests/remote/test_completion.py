"""``appusers completion``, and what shells make of it."""

import shutil

import pytest

from tests.remote.conftest import Commands


async def test_bash_completes_with_it(place: Commands) -> None:
    done = await place.shell(
        'eval "$(appusers completion bash)"\n'
        "complete -p appusers\n"
        "COMP_WORDS=(appusers token rev) COMP_CWORD=2\n"
        '_appusers_completion appusers; echo "${COMPREPLY[@]}"'
    )
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "complete -o nosort -F _appusers_completion appusers",
        "revoke revoke-all",
    ]


@pytest.mark.parametrize(
    ("shell", "asked"),
    [("zsh", "_APPUSERS_COMPLETE=zsh_complete"), ("fish", "_APPUSERS_COMPLETE=fish_complete")],
)
async def test_other_shells(place: Commands, shell: str, asked: str) -> None:
    script = (await place("completion", shell)).out
    assert asked in script
    if program := shutil.which(shell):
        checked = await place.shell(f"appusers completion {shell} | {program} -n")
        assert checked.code == 0, checked.err


async def test_another_shell(place: Commands) -> None:
    assert "'bash', 'zsh', 'fish'" in (await place("completion", "tcsh", code=2)).err
