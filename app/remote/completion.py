"""``appusers completion``: what a shell needs to complete commands and options."""

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

COMPLETERS: dict[str, type[ShellComplete]] = {
    "bash": BashComplete,
    "zsh": ZshComplete,
    "fish": FishComplete,
}
PROGRAM = "appusers"


@click.command()
@click.argument("shell", type=click.Choice(list(COMPLETERS)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that completes commands and options in SHELL.

    \b
    bash: appusers completion bash > ~/.local/share/bash-completion/completions/appusers
    zsh:  appusers completion zsh > "${fpath[1]}/_appusers"
    fish: appusers completion fish > ~/.config/fish/completions/appusers.fish
    """
    root = context.find_root().command
    kind = COMPLETERS[shell]
    click.echo(kind(root, {}, PROGRAM, "_APPUSERS_COMPLETE").source())
