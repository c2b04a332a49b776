"""Writing what was found: CSV and Parquet of every table, GEXF of the network, in a folder that appears whole."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np

from allegedly.errors import AllegedlyError
from allegedly.synchrony.results import Columns

if TYPE_CHECKING:
    from allegedly.synchrony.coactivity import Edges

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""Cells that a spreadsheet would run, or that already look like one that was made harmless."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_XML_BAD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
OURS = {"synchrony.gexf", "synchrony.json", "synchrony.html"}
TABLES = ("pairs", "network", "coincidences", "rings", "before")


def refuse_others(folder: Path) -> None:
    """Raise AllegedlyError where `folder` holds anything but an earlier result."""
    ours = OURS | {f"{table}.{form}" for table in TABLES for form in ("csv", "parquet")}
    if folder.exists() and (not folder.is_dir() or {path.name for path in folder.iterdir()} - ours):
        raise AllegedlyError(f"{folder}: holds something other than an earlier result; name another folder with --out")


def write_tables(folder: Path, tables: Mapping[str, Columns]) -> None:
    """Write each table as ``NAME.csv`` and ``NAME.parquet``. A CSV cell that a spreadsheet would run gets a ``'``."""
    import duckdb

    connection = duckdb.connect()
    for name, columns in tables.items():
        write_csv(folder / f"{name}.csv", columns)
        table = {key: _typed(values) for key, values in columns.items()}
        connection.register("made", table)
        target = str(folder / f"{name}.parquet").replace("'", "''")
        connection.execute(f"COPY (SELECT * FROM made) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        connection.unregister("made")
    connection.close()


def write_csv(path: Path, columns: Columns) -> None:
    """Write one table as CSV in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # its own line ends make it quote a bare carriage return, too
        writer.writerow(columns)
        writer.writerows(zip(*(map(_cell, values) for values in columns.values()), strict=True))


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def _typed(values: list[Any]) -> np.ndarray[Any, Any]:
    if values and isinstance(values[0], (bool, int, float)):
        return np.array(values)
    return np.array(values, dtype=object if values else str)


def edge_columns(edges: Edges) -> Columns:
    """A co-activity network as a table."""
    return {
        "account_1": edges.account_1.tolist(),
        "account_2": edges.account_2.tolist(),
        "weight": edges.weight.tolist(),
    }


def write_gexf(path: Path, edges: Columns, *, directed: bool = False) -> None:
    """Write edges as GEXF 1.3 (gexf.net), every column beside account_1, account_2 and weight as an attribute."""
    root = ElementTree.Element("gexf", {"xmlns": "http://gexf.net/1.3", "version": "1.3"})
    graph = ElementTree.SubElement(root, "graph", {"defaultedgetype": "directed" if directed else "undirected"})
    extra = [name for name in edges if name not in ("account_1", "account_2", "weight")]
    declared = ElementTree.SubElement(graph, "attributes", {"class": "edge"})
    for name in extra:
        ElementTree.SubElement(declared, "attribute", {"id": name, "title": name, "type": "double"})
    names = dict.fromkeys((*edges["account_1"], *edges["account_2"]))
    ids = {name: str(number) for number, name in enumerate(names)}
    nodes = ElementTree.SubElement(graph, "nodes")
    for name, ident in ids.items():
        ElementTree.SubElement(nodes, "node", {"id": ident, "label": _XML_BAD.sub("\ufffd", name)})
    drawn = ElementTree.SubElement(graph, "edges")
    for at, (one, other) in enumerate(zip(edges["account_1"], edges["account_2"], strict=True)):
        edge = {"id": str(at), "source": ids[one], "target": ids[other], "weight": str(edges["weight"][at])}
        values = ElementTree.SubElement(ElementTree.SubElement(drawn, "edge", edge), "attvalues")
        for name in extra:
            ElementTree.SubElement(values, "attvalue", {"for": name, "value": str(edges[name][at])})
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
