"""What ``appusers terraform …`` does and prints."""

from pathlib import Path

import click

from app.remote.sections import Group
from app.terraform import install as installation

FOLDER = click.option(
    "--plugin-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of plugins.  [default: ~/.terraform.d/plugins]",
)


@click.group(cls=Group)
def terraform() -> None:
    """The Terraform provider (experimental)."""


@terraform.command()
@FOLDER
def install(plugin_dir: Path | None) -> None:
    """Let Terraform find the provider of this Python environment; `terraform init` needs no more.

    Safe to run again. Standard output has what a configuration begins with.
    """
    try:
        program = installation.install(plugin_dir)
    except (installation.InstallError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Installed {program}", err=True)
    if plugin_dir is not None:
        click.echo(f"Run: terraform init -plugin-dir={plugin_dir}", err=True)
    click.echo(installation.required_providers())


@terraform.command()
@FOLDER
def uninstall(plugin_dir: Path | None) -> None:
    """Remove what `install` wrote for this release."""
    try:
        is_removed = installation.uninstall(plugin_dir)
    except OSError as error:
        raise click.ClickException(str(error)) from None
    click.echo("Removed." if is_removed else "There is none of this release.")
