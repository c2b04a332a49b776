"""Bytes to text, on short texts as feeds and posts are, and on bytes that are no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.read._base import Refused
from allegedly.read.decode import decode, peek

_RUSSIAN = "Министр заявил во вторник, что переговоры продолжатся."
_ARABIC = "قال المتحدث باسم الوزارة إن الحريق بدأ فجرا"
_PERSIAN = "سخنگوي وزارت گفت كه پليس مرد مسلح را بازداشت كرد"
_ENCODED = [
    *[(_RUSSIAN, e) for e in ("windows-1251", "koi8-r", "cp866", "iso-8859-5")],
    *[(_RUSSIAN, e) for e in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")],
    ("СКЛАД", "windows-1251"),
    ("взрыв", "koi8-r"),
    ("Влада заявила про їхні втрати", "windows-1251"),
    *[(_ARABIC, e) for e in ("windows-1256", "utf-16-le", "utf-16-be")],
    (_PERSIAN, "windows-1256"),
    ("Le ministre a déclaré que l’été était fini – « oui ».", "windows-1252"),
    ("He said “no” and it’s over…", "windows-1252"),
    ("¿Qué dijo el niño?", "windows-1252"),
    ("It cost 5€ at 20°C", "windows-1252"),
    ("Rzecznik powiedział, że łódź zatonęła", "windows-1250"),
    ("Sözcü saldırıyı doğruladığını açıkladı", "windows-1254"),
    ("Η κυβέρνηση δήλωσε ότι δεν γνωρίζει", "windows-1253"),
    ("הממשלה אמרה היום", "windows-1255"),
    ("政府は火曜日に報道を否定し、調査を開始したと発表した。", "shift_jis"),
    ("外交部发言人周二表示，袭击没有造成人员伤亡，调查仍在进行。", "gb18030"),
    ("e\u0301 שָׁלוֹם 👩‍🚒 \u202eabc", "utf-8"),
]


@pytest.mark.parametrize(("text", "encoding"), _ENCODED)
def test_encodings_are_found_without_a_word_from_anyone(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.fault) == (text, "")


@pytest.mark.parametrize(
    ("raw", "text", "at"),
    [
        (b"caf\xc3\xa9 \xff\xfe broken", "café \ufffd\ufffd broken", 6),
        (b"plain words \xff\xfe and more", "plain words \ufffd\ufffd and more", 12),
        (b"\xef\xbb\xbfcut \xc3", "cut \ufffd", 7),
        (_RUSSIAN.encode()[:-1] + b"\xd0", _RUSSIAN[:-1] + "\ufffd", len(_RUSSIAN.encode()) - 1),
    ],
)
def test_broken_utf8_is_kept_with_the_place_of_the_first_bad_byte(raw: bytes, text: str, at: int) -> None:
    found = decode(raw)
    assert found.text == text
    assert found.fault == f"broken UTF-8: first bad byte at {at}"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\0" * 5000, "holds only NUL bytes"),
        (b" \r\n\t", "is blank"),
        (bytes(range(256)) * 9, "is binary data, not text"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        decode(raw)


def test_a_declaration_decides_only_where_bytes_do_not() -> None:
    assert decode("да".encode("koi8-r"), "KOI8-R").text == "да"
    assert decode("déjà".encode(), "windows-1251").text == "déjà"
    assert decode("ア".encode("iso2022_jp"), "ISO-2022-JP").text == "ア"
    assert decode(b"plain", "rot13").text == decode(b"plain", "no such charset\0").text == "plain"


@given(st.binary(max_size=3000))
def test_bytes_decode_or_are_refused(raw: bytes) -> None:
    peek(raw)
    try:
        decode(raw).text.encode()
    except Refused:
        return


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Co"]), min_size=1))
def test_utf8_text_comes_back_unchanged(text: str) -> None:
    if text.strip(" \t\r\n") and not text.startswith("\ufeff"):
        assert decode(text.encode()).text == text
