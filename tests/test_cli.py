"""The command line as a person and as a script meet it: what it says, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import allegedly.annotate
import allegedly.read
from allegedly import cli, cli_common
from allegedly.ledger import Ledger
from allegedly.progress import Inputs, Progress, duration
from allegedly.read import formats
from allegedly.read.mapping import shipped
from allegedly.records import Document, Problem
from factories import annotation, document

FIXTURES = Path(__file__).parent / "fixtures" / "read"
ENGLISH = "date 2021-05-0{n} Quay {n}\n\nThe harbour police said on Monday that quay {n} had been mined by smugglers."
FRENCH = "Le ministère a déclaré lundi que le port avait été miné par des inconnus et resterait fermé toute la semaine."


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, [str(a) for a in arguments])


@contextmanager
def process(*arguments: object, **options: object) -> Iterator[subprocess.Popen[str]]:
    """Start the command, and see that it ends.

    A shell that runs the tests in the background has them ignore Ctrl-C, and what they start.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-c", "from allegedly.cli import main; main()", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes, **options) as running:  # type: ignore[call-overload]
        try:
            yield running
        except BaseException:
            running.kill()
            raise


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two texts in English, one of them twice, one in French, a chat with a service message, and an empty file."""
    folder = tmp_path_factory.mktemp("pile")
    for n in (1, 2):
        (folder / f"{n}.txt").write_text(ENGLISH.format(n=n))
    (folder / "again.txt").write_text(ENGLISH.format(n=1))
    (folder / "port.txt").write_text(FRENCH)
    (folder / "empty.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def ledger(pile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "my.ledger"
    assert call("run", pile, "--into", path, "-q").exit_code == 0
    return path


# ---------------------------------------------------------------- help


def test_help_lists_the_commands_in_order_of_use_one_line_each() -> None:
    told = call("--help").stdout
    listed = re.findall(r"^  (\w+) +(\S.*)$", told.partition("Commands:")[2].partition("Exit codes")[0], re.MULTILINE)
    assert [name for name, _ in listed] == list(cli.main.commands)
    assert listed[0][0] == "run"
    assert [what for _, what in listed if what.endswith("...")] == []


def test_every_exit_code_is_in_the_help() -> None:
    told = call("--help").stdout
    codes = {value for name, value in vars(cli_common).items() if name.startswith("EXIT_")}
    assert {int(code) for code in re.findall(r"^ +(\d+)  ", told, re.MULTILINE)} == codes


def test_formats_lists_every_format_and_every_mapping() -> None:
    told = call("formats").stdout
    names = [*(reader.name for reader in formats()), *(mapping.name for mapping in shipped())]
    assert [name for name in names if not re.search(rf"^  {re.escape(name)} ", told, re.MULTILINE)] == []


# ---------------------------------------------------------------- run


def test_a_run_says_what_it_did_what_the_ledger_holds_and_what_is_next(pile: Path, tmp_path: Path) -> None:
    path = tmp_path / "l"
    done = call("run", pile, "--into", path)
    assert done.exit_code == 0
    first, holds, parsed, whole, compared, gaps, problems, one, following = done.stdout.splitlines()
    assert first == "4 documents read: 3 new, 1 repeated."
    assert holds.startswith(f"{path} now holds 3 documents: ")
    assert parsed == "  parsed: en 2"
    assert whole == "  read whole, as statements of their sources, not parsed: fr 1"
    assert compared.startswith("  narratives: by words, within a language; ")
    assert gaps.startswith("Of the new, 1 has no date and 3 have no source: ")
    assert "docs/formats/text.md" in gaps and "--source" in gaps
    assert problems.startswith("1 problem, kept in")
    assert one == f"     1  {pile}/empty.txt: is empty; set aside"
    assert following == f"Next: allegedly report {path} -o report.html"
    assert f"{pile}/empty.txt: is empty; set aside" in done.stderr.splitlines()
    again = call("run", pile, "--into", path).stdout
    assert again.splitlines()[:2] == ["4 documents read: 0 new, 4 known before.", holds]
    assert "Of the new" not in again


def test_one_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FRENCH)
    told = call("run", tmp_path / "a.txt", "--into", tmp_path / "l").stdout
    assert told.startswith("1 document read: 1 new.\n")
    assert "now holds 1 document: 1 claim, 0 events" in told


def test_five_hundred_pictures_are_one_line_of_the_summary(tmp_path: Path) -> None:
    for n in range(500):
        (tmp_path / f"{n}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + n.to_bytes(4, "big") * 30)
    (tmp_path / "a.txt").write_text(FRENCH)
    done = call("run", tmp_path, "--into", tmp_path / ".l")
    assert done.exit_code == 0
    assert len(done.stderr.splitlines()) < 10
    assert "more like this are counted below" in done.stderr
    assert "500 problems" in done.stdout
    assert re.search(rf"^   500  .* \(first: {re.escape(str(tmp_path))}/0.png\)$", done.stdout, re.MULTILINE)
    assert json.loads(call("run", tmp_path, "--into", tmp_path / ".l", "--json").stdout)["problems"] == {"read": 500}


def test_json_is_one_line_and_all_that_is_on_standard_output(pile: Path, ledger: Path) -> None:
    done = call("run", pile, "--into", ledger, "--json", "-q")
    assert (done.exit_code, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert (told["documents"], told["new"], told["known"], told["finished"]) == (4, 0, 4, True)
    assert told["holds"]["documents"] == 3
    assert told["holds"]["languages"] == {"en": 2, "fr": 1}
    assert told["holds"]["read_whole_only"] == ["fr"]
    (kind,) = told["problem_kinds"]
    assert (kind["what"], kind["count"], kind["stage"], kind["note"]) == ("is empty", 1, "read", False)
    assert kind["first"] == f"{pile}/empty.txt"


def test_quiet_is_quiet(pile: Path, ledger: Path, tmp_path: Path) -> None:
    for arguments in (
        ("run", pile, "--into", ledger, "-q"),
        ("report", ledger, "-o", tmp_path / "r.html", "-q"),
        ("export", ledger, "--as", "csv", "-o", tmp_path / "x", "-q"),
    ):
        done = call(*arguments)
        assert (done.exit_code, done.output) == (0, "")


def test_what_is_left_out_by_design_is_a_note_and_no_problem(tmp_path: Path) -> None:
    done = call("run", FIXTURES / "telegram-chat.json", "--into", tmp_path / "l")
    assert "note: " in done.stderr
    assert re.search(r"^\d notes?, kept", done.stdout, re.MULTILINE)
    assert not re.search(r"^[\d,]+ problems?, kept", done.stdout, re.MULTILINE)


def test_what_annotating_meets_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(documents: object) -> Iterator[None]:
        raise ValueError("out of ink")

    monkeypatch.setattr(allegedly.annotate, "parse", broken)
    (tmp_path / "a.txt").write_text(ENGLISH.format(n=3))
    done = call("run", tmp_path / "a.txt", "--into", tmp_path / "l")
    assert done.exit_code == 0
    assert f"{tmp_path}/a.txt: could not be annotated (ValueError: out of ink)" in done.stderr
    assert "1 problem, kept" in done.stdout


def test_a_name_that_commands_the_terminal_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2Jb\n.txt").write_bytes(b"")
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text(FRENCH)
    done = call("run", tmp_path, "--into", tmp_path / ".l")
    assert done.exit_code == 0
    assert "\x1b[2J" not in done.output
    assert r"a\x1b[2Jb\n.txt: is empty" in done.stdout
    for name in (os.fsdecode(b".led\xfe"), os.fsdecode(b"\xe9")):
        done = call("run", tmp_path, "--into", tmp_path / name)
        assert done.exit_code == cli_common.EXIT_USAGE
        assert "not valid UTF-8; choose another" in done.stderr


# ---------------------------------------------------------------- exit codes


def test_a_missing_input_is_one_line_and_makes_no_ledger(tmp_path: Path) -> None:
    for arguments in (("run", tmp_path / "gone", "--into", tmp_path / "l"), ("annotate", tmp_path / "gone")):
        done = call(*arguments)
        assert (done.exit_code, done.stdout) == (cli_common.EXIT_NOTHING, "")
        assert done.stderr == f"allegedly: {tmp_path}/gone: there is no such file or folder; check the name\n"
    assert list(tmp_path.iterdir()) == []


def test_a_pile_is_no_place_for_its_ledger(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(FRENCH)
    for place in (tmp_path, tmp_path / "in", tmp_path / "in" / "a.txt"):
        done = call("run", tmp_path, "--into", place)
        assert (done.exit_code, done.stdout) == (cli_common.EXIT_FAILED, "")
        assert done.stderr == f"allegedly: {place}: is not a ledger and not empty; name another folder\n"
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "a.txt"]


def test_one_missing_input_among_others_is_a_problem(pile: Path, tmp_path: Path) -> None:
    done = call("run", tmp_path / "gone", pile / "1.txt", "--into", tmp_path / "l")
    assert done.exit_code == cli_common.EXIT_OK
    assert f"{tmp_path}/gone: cannot be opened: no such file or directory" in done.stdout


def test_inputs_without_a_document(tmp_path: Path) -> None:
    (tmp_path / "nul.txt").write_bytes(bytes(1000))
    done = call("run", tmp_path / "nul.txt", "--into", tmp_path / "l")
    assert done.exit_code == cli_common.EXIT_NOTHING
    assert done.stdout.startswith("0 documents read: 0 new.\n1 problem:\n")
    assert not (tmp_path / "l").exists()
    assert json.loads(call("run", tmp_path, "--into", tmp_path / "l", "--json").stdout)["problems"] == {"read": 1}
    assert not (tmp_path / "l").exists()
    done = call("annotate", tmp_path / "nul.txt")
    assert (done.exit_code, done.stdout) == (cli_common.EXIT_NOTHING, "")
    assert "holds only NUL bytes" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("run",), ("run", "a.txt"), ("annotate", "-p", "0", "a"), ("export", "l", "--as", "xml", "-o", "x"), ("frob",)],
)
def test_a_wrong_call(arguments: tuple[str, ...]) -> None:
    assert call(*arguments).exit_code == cli_common.EXIT_USAGE


def test_a_mapping_that_is_not_there_is_a_wrong_call(pile: Path, tmp_path: Path) -> None:
    done = call("run", pile, "--into", tmp_path / "l", "--mapping", "fourcat")
    assert done.exit_code == cli_common.EXIT_USAGE
    assert "one of: 4cat" in done.stderr
    assert not (tmp_path / "l").exists()


def _opened(command: str, ledger: Path, tmp_path: Path) -> Result:
    extra = {"report": ("-o", tmp_path / "r.html"), "serve": (), "export": ("--as", "csv", "-o", tmp_path / "x")}
    return call(command, ledger, *extra[command])


@pytest.mark.parametrize("command", ["report", "serve", "export"])
def test_no_ledger_and_an_unfinished_one_say_what_to_do(command: str, tmp_path: Path) -> None:
    done = _opened(command, tmp_path / "gone", tmp_path)
    assert (done.exit_code, done.stdout) == (cli_common.EXIT_FAILED, "")
    assert "not a ledger; make one with `allegedly run" in done.stderr
    Ledger(tmp_path / "l").add([annotation(1)])
    done = _opened(command, tmp_path / "l", tmp_path)
    assert done.exit_code == cli_common.EXIT_FAILED
    assert "first run did not finish; run the same command again" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["report", "export"])
def test_a_ledger_that_holds_more_than_is_linked_is_shown_with_a_note(command: str, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.add([annotation(1)])
    ledger.refresh()
    assert "note: " not in _opened(command, tmp_path / "l", tmp_path).stderr
    ledger.add([annotation(2)])
    done = _opened(command, tmp_path / "l", tmp_path)
    assert done.exit_code == cli_common.EXIT_OK
    assert "holds documents of a run that has not finished" in done.stderr


def test_places_that_cannot_be_written(ledger: Path, tmp_path: Path) -> None:
    done = call("report", ledger, "-o", tmp_path / "gone" / "r.html")
    assert done.exit_code == cli_common.EXIT_FAILED
    assert "could not be written (No such file or directory); name another place with -o" in done.stderr
    (tmp_path / "mine.txt").write_text("mine")
    done = call("export", ledger, "--as", "csv", "-o", tmp_path)
    assert done.exit_code == cli_common.EXIT_FAILED
    assert "name another folder" in done.stderr
    done = call("run", ledger, "--into", tmp_path)
    assert done.exit_code == cli_common.EXIT_FAILED
    assert "is not a ledger and not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_ctrl_c_keeps_what_is_finished_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> Iterator[Document]:
        yield document(1)
        raise KeyboardInterrupt

    (tmp_path / "in").mkdir()
    monkeypatch.setattr(allegedly.read, "read", stopped)
    done = call("run", tmp_path / "in", "--into", tmp_path / "l")
    assert done.exit_code == cli_common.EXIT_STOPPED
    assert done.stdout.startswith("1 document read: 1 new.\n")
    assert "Next:" not in done.stdout
    assert "stopped; what was finished is kept: run the same command again to carry on" in done.stderr
    done = call("annotate", tmp_path / "in")
    assert done.exit_code == cli_common.EXIT_STOPPED
    assert len(done.stdout.splitlines()) <= 1
    assert "Traceback" not in done.output


# ---------------------------------------------------------------- annotate


def test_annotate_prints_json_lines_and_nothing_else(pile: Path, tmp_path: Path) -> None:
    done = call("annotate", pile)
    assert done.exit_code == cli_common.EXIT_OK
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(t["document"]["origin"]["path"]).name for t in told] == ["1.txt", "2.txt", "again.txt", "port.txt"]
    assert "empty.txt: is empty" in done.stderr
    assert call("annotate", pile, "-o", tmp_path / "a.jsonl").stdout == ""
    assert (tmp_path / "a.jsonl").read_text("utf-8") == done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_reader_that_has_seen_enough_is_no_error(pile: Path) -> None:
    many = [pile / "1.txt"] * 400
    with process("annotate", "-q", *many) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith('{"document"')
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_one_line(pile: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", "from allegedly.cli import main; main()", "annotate", "-q", str(pile)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == cli_common.EXIT_FAILED
    assert done.stderr == "allegedly: No space left on device\n"


# ---------------------------------------------------------------- demo, serve


def test_the_demo_can_be_run_twice(tmp_path: Path) -> None:
    first = call("demo", "--no-open", "--into", tmp_path / "d")
    second = call("demo", "--no-open", "--into", tmp_path / "d")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert " 0 new, " in second.stdout
    assert (tmp_path / "d" / "report.html").stat().st_size > 100_000
    assert "The report is" in second.stdout


def test_serve_answers_until_ctrl_c(ledger: Path) -> None:
    port = _free_port()
    with process("serve", ledger, "--port", port) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == f"http://127.0.0.1:{port}/  (Ctrl-C ends it)\n"
        assert b"<script" in _fetched(f"http://127.0.0.1:{port}/")
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
    assert "Traceback" not in told
    assert running.returncode in (cli_common.EXIT_OK, cli_common.EXIT_STOPPED)


def test_a_port_that_is_taken(ledger: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = call("serve", ledger, "--port", taken.getsockname()[1])
    assert done.exit_code == cli_common.EXIT_FAILED
    assert "name another --port" in done.stderr


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _fetched(address: str) -> bytes:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.05)
    raise AssertionError("no answer")


# ---------------------------------------------------------------- progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_tells_rate_and_time_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    for name in "abcd":
        (tmp_path / name).write_bytes(bytes(500))
    inputs, shown = Inputs([tmp_path]), Terminal()
    while not inputs._total:
        time.sleep(0.001)
    monkeypatch.setenv("COLUMNS", "200")
    progress = Progress(stream=shown, inputs=inputs)
    progress.reading(1)
    clock[0] += 30
    inputs.reached(f"{tmp_path}/a!/x/y")
    inputs.reached(f"{tmp_path}/b")
    assert inputs.fraction == 0.25
    progress.stage("annotate", 10, 3000)
    assert shown.getvalue().endswith(
        "annotate: 10 documents, 3,000 words, 100 words/s, 30 s, 25% of the input, about 1 min 30 s left"
    )
    progress.note("hear me")
    progress.end()
    assert "\x1b[Khear me\n" in shown.getvalue()
    assert shown.getvalue().endswith("annotate: 10 documents, 3,000 words, 100 words/s, 30 s\n")


def test_a_line_never_outgrows_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    shown = Terminal()
    Progress(stream=shown).stage("annotate", 10_000_000, 10_000_000_000)
    assert len(shown.getvalue().removeprefix("\r\x1b[K")) == 19


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "0 s"), (61, "1 min 01 s"), (7260, "2 h 01 min")])
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_kinds_of_problems_leave_particulars_out() -> None:
    from allegedly.telling import kind_of

    whats = {
        "holds a record longer than 1,048,576 bytes": "holds a record longer than N bytes",
        "the date '31.31.2020' is not understood": "the date … is not understood",
        "is cut off or damaged (Bad CRC 17)": "is cut off or damaged",
        "no column holds a text by any known name; its columns are: a, b": "no column holds a text by any known name",
    }
    assert [kind_of(Problem(path="p", what=what, action="set aside")) for what in whats] == list(whats.values())
