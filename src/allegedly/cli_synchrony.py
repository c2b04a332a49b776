"""`allegedly synchrony`: which accounts post closer in time than the news and their habits explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from allegedly.cli_common import EXIT_NOTHING, Duration, Place, said_plainly
from allegedly.errors import AllegedlyError
from allegedly.telling import plain

if TYPE_CHECKING:
    from allegedly.synchrony.analysis import Synchrony
    from allegedly.synchrony.inputs import Shares
    from allegedly.synchrony.results import Columns

_SHOWN = 15


@click.command(short_help="Test who posts in step more than chance, news and habit explain.")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="INPUT…")
@click.option(
    "--by",
    metavar="WHAT",
    help="What posts share: text, near-text, link, domain, hashtag, forward, media, narrative; or the column of a "
    "table that holds the item. [default: narrative for a ledger, else the column `item`]",
)
@click.option("--window", type=Duration(), default="60s", show_default=True, help="How close counts: 60s, 5m, 1h.")
@click.option("--fdr", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="False discovery rate.")
@click.option("--any-dependence", is_flag=True, help="Correct by Benjamini-Yekutieli instead of Benjamini-Hochberg.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.9,
    show_default=True,
    help="Jaccard index of words, for near-text.",
)
@click.option("--network-only", is_flag=True, help="Only count who posts the same within the window; no test.")
@click.option("--as", "as_", type=click.Choice(["cnt", "coortweet"]), help="Count as that tool does (--network-only).")
@click.option("--min-weight", type=click.IntRange(1), help="Least weight of an edge (--network-only).")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn: ties, samples, redealt worlds.")
@click.option("--out", "-o", type=Place(path_type=Path, file_okay=False), required=True, help="The folder to write.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")  # fmt: skip
def synchrony(
    inputs: tuple[Path, ...],
    by: str | None,
    window: float,
    fdr: float,
    any_dependence: bool,
    threshold: float,
    network_only: bool,
    as_: str | None,
    min_weight: int | None,
    seed: int,
    out: Path,
    quiet: bool,
) -> None:
    """Test which accounts of INPUTs post the same closer in time than the news and their habits explain.

    INPUTs are tables (CSV, TSV, Parquet) of item, account and time, tables of posts with --by, files of any other
    format that `allegedly formats` lists, or one ledger. The folder gets pairs.csv (every pair that shares an item,
    with observed, expected, p and q over all pairs of accounts), rings.csv, coincidences.csv (the posts behind every
    pair in step), network.csv, the same as Parquet, synchrony.gexf, and synchrony.html to look at; of a ledger also
    before.csv (statements that must, or may, have come before the event they speak of). What the test asks and what it
    cannot tell is in docs/synchrony.md.

    \b
    allegedly synchrony posts.csv --by text --window 60s --out in-step
    allegedly synchrony my.ledger --window 5m --out in-step
    """  # fmt: skip
    with said_plainly():
        _refuse_missing(inputs)
        if as_ and not network_only:
            raise click.UsageError("--as says how to count edges; add --network-only")
        from allegedly.synchrony.written import refuse_others

        refuse_others(out)
        if network_only:
            _network(inputs, by, window, as_, threshold, min_weight, out, quiet)
        else:
            _test(inputs, by, window, fdr, any_dependence, threshold, seed, out, quiet)


def _refuse_missing(inputs: Sequence[Path]) -> None:
    for path in inputs:
        if not path.exists():
            raise AllegedlyError(f"{plain(path)}: there is no such file or folder; check the name")


def _network(
    inputs: Sequence[Path], by: str | None, window: float, as_: str | None, threshold: float, min_weight: int | None,
    out: Path, quiet: bool,
) -> None:  # fmt: skip
    from allegedly.synchrony.coactivity import network, read_posts, read_table
    from allegedly.synchrony.coactivity.items import NEEDED
    from allegedly.synchrony.inputs import is_table, posts_of
    from allegedly.synchrony.written import edge_columns, write_gexf, write_tables

    if not all(is_table(path) for path in inputs):
        found = network(posts_of(_documents(inputs)), by or "text", window, as_, threshold, min_weight)
    elif by in NEEDED:
        found = network(read_posts(inputs), by, window, as_, threshold, min_weight)
    else:
        found = network(read_table(inputs, by or "item"), "item", window, as_, threshold, min_weight)
    columns = edge_columns(found)
    with _made(out) as folder:
        write_tables(folder, {"network": columns})
        write_gexf(folder / "synchrony.gexf", columns, directed=as_ == "cnt")
    _tell_problems(found.problems)
    if not quiet:
        click.echo(f"{len(found):,} edges are in {plain(out / 'network.csv')}. An edge is no finding.")


def _test(
    inputs: Sequence[Path], by: str | None, window: float, fdr: float, any_dependence: bool, threshold: float,
    seed: int, out: Path, quiet: bool,
) -> None:  # fmt: skip
    from allegedly.show.in_step import view_of, write_page
    from allegedly.synchrony.analysis import analyse
    from allegedly.synchrony.results import coincidence_rows, network_rows, pair_rows, ring_rows
    from allegedly.synchrony.written import write_gexf, write_tables

    shares = _shares(inputs, by, threshold)
    before = _before(inputs)
    _tell_problems(shares.problems)
    if not len(shares.item):
        _end_untested(before, out, quiet)
    found = analyse(
        shares.item, shares.account, shares.time, len(shares.names.accounts), window, fdr,
        any_dependence=any_dependence, seed=seed,
    )  # fmt: skip
    edges = network_rows(found, shares.names)
    tables = {
        "pairs": pair_rows(found, shares.names),
        "network": edges,
        "coincidences": coincidence_rows(found, shares.names),
        "rings": ring_rows(found, shares.names),
        **before,
    }
    with _made(out) as folder:
        write_tables(folder, tables)
        write_gexf(folder / "synchrony.gexf", edges)
        write_page(
            view_of(found, shares, by=by or ("narrative" if shares.documents else "item")), folder, title=_title(inputs)
        )
    if not quiet:
        _tell_before(before)
        _tell(found, shares, tables["pairs"], out)


def _end_untested(before: Mapping[str, Columns], out: Path, quiet: bool) -> NoReturn:
    """End where there is nothing to test: of a ledger, the statements before the event are written all the same."""
    from allegedly.synchrony.written import write_tables

    written = "nothing was written"
    if any(columns["claim"] for columns in before.values()):
        with _made(out) as folder:
            write_tables(folder, before)
        written = f"only {plain(out / 'before.csv')} was written"
        if not quiet:
            _tell_before(before)
    click.echo(f"allegedly: no posts are left to test; {written}", err=True)
    raise SystemExit(EXIT_NOTHING)


def _title(inputs: Sequence[Path]) -> str:
    more = f" and {len(inputs) - 1:,} more" if len(inputs) > 1 else ""
    return plain(Path(inputs[0].resolve().name)) + more


def _shares(inputs: Sequence[Path], by: str | None, threshold: float) -> Shares:
    from contextlib import closing

    from allegedly.ledger import Ledger
    from allegedly.synchrony.inputs import is_table, shares_of_documents, shares_of_files, shares_of_ledger

    if _is_ledger(inputs):
        if by not in (None, "narrative"):
            raise AllegedlyError("a ledger is tested by its narratives; for other items name the posts themselves")
        with closing(Ledger(inputs[0]).connect()) as connection:
            return shares_of_ledger(connection)
    if all(is_table(path) for path in inputs):
        return shares_of_files(inputs, by or "item", threshold)
    return shares_of_documents(_documents(inputs), by or "item", threshold)


def _is_ledger(inputs: Sequence[Path]) -> bool:
    from allegedly.ledger import Ledger

    return len(inputs) == 1 and inputs[0].is_dir() and Ledger(inputs[0]).exists


def _before(inputs: Sequence[Path]) -> dict[str, Columns]:
    """The table of statements before the event, of a ledger; nothing for other inputs."""
    from contextlib import closing

    from allegedly.ledger import Ledger
    from allegedly.synchrony.before import before_rows

    if not _is_ledger(inputs):
        return {}
    with closing(Ledger(inputs[0]).connect()) as connection:
        return {"before": before_rows(connection)}


def _documents(inputs: Sequence[Path]) -> Any:
    from allegedly.read import ReadOptions, read
    from allegedly.records import Document

    for found in read(inputs, ReadOptions()):
        if isinstance(found, Document):
            yield found
        else:
            click.echo(f"allegedly: {found.path}: {found.what}", err=True)


def _made(out: Path) -> Any:
    from contextlib import contextmanager

    from allegedly.ledger.disk import draft_beside, explained, swap

    @contextmanager
    def made() -> Any:
        with explained(out), draft_beside(out) as folder:
            yield folder
            swap(folder, out)

    return made()


def _tell_problems(problems: Mapping[str, int]) -> None:
    for what, count in problems.items():
        if count:
            click.echo(f"note: {count:,} {what}", err=True)


def _tell_before(before: Mapping[str, Columns]) -> None:
    for columns in before.values():
        verdicts = columns["verdict"]
        must = [
            foretells for verdict, foretells in zip(verdicts, columns["foretells"], strict=True) if verdict == "must"
        ]
        click.echo(
            f"Statements before the event they speak of: {len(must):,} must have come first ({sum(must):,} of these "
            f"foretell), {len(verdicts) - len(must):,} may have; see before.csv."
        )


def _tell(found: Synchrony, shares: Shares, pairs: Mapping[str, Sequence[Any]], out: Path) -> None:
    step = int(found.in_step.sum())
    click.echo(
        f"{len(found.posts.item):,} posts by {found.posts.accounts:,} accounts; {found.trials.pairs:,} pairs share an "
        f"item; q runs over all {found.tests:,} pairs."
    )
    if shares.declared:
        click.echo(f"{shares.declared:,} declared reposts left the test.")
    if found.grain > found.window:
        click.echo(
            f"The clocks show steps of {found.grain:,.0f} s: that is the window in effect, not {found.window:,.0f} s."
        )
    if found.trials.sampled:
        click.echo(f"Of {found.trials.sampled:,} items with very many posters a random sample of posters was tested.")
    click.echo(
        f"{step:,} {'pair is' if step == 1 else 'pairs are'} closer in time than the news and their habits explain."
    )
    for at in [at for at, edge in enumerate(pairs["in_step"]) if edge][:_SHOWN]:
        click.echo(
            f"  {pairs['account_1'][at]} - {pairs['account_2'][at]}: {pairs['observed'][at]} times, "
            f"{pairs['expected'][at]:.2g} expected, q = {pairs['q'][at]:.1e}"
        )
    for ring in found.rings:
        what = "one feed under several names" if ring.one_feed else "come together again and again"
        members = ", ".join(shares.names.accounts[member] for member in ring.members)
        click.echo(f"  {len(ring.members)} accounts, {what}: {members}")
    click.echo(f"This says nothing of intent, ownership or automation. Tables are in {plain(out)}.")
