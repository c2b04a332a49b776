"""Telegram Desktop exports: ``result.json`` of one chat or a whole account, streamed. The HTML export is refused.

Field names are those of Telegram Desktop's own JSON writer; what was observed of it is in ``docs/formats/telegram.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from allegedly.read import _json
from allegedly.read._base import Item, ReadOptions, Refused, Stream
from allegedly.read._common import at, source_of
from allegedly.read._dates import UNKNOWN, Stated, iso_utc
from allegedly.read._survey import survey, utf8
from allegedly.read._tally import Tally
from allegedly.read.decode import peek
from allegedly.records import Document, Origin, SourceKind, make_document

_CHAT_TYPE = re.compile(
    r'"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_(?:group|supergroup|channel))"'
)
_MESSAGES = re.compile(r'"messages"\s*:\s*\[')
_ACCOUNT = re.compile(r'\s*\{\s*"about"\s*:\s*"')
_SECTION = re.compile(
    r'"(?:personal_information|profile_pictures|contacts|frequent_contacts|sessions|chats|left_chats)"\s*:\s*[{\[]'
)
_CHANNELS = ("public_channel", "private_channel")
_MEDIA = ("photo", "file", "contact_vcard")
_LEFT_OUT = re.compile(r"\(File .*\)\s*\Z")
_LINKS = ("text_link", "link")

Message = dict[str, Any]


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for all messages of a chat."""

    name: str
    type: str
    alone: bool
    """Whether the export is of this chat only; else message numbers need its name beside them."""


class TelegramReader:
    name = "telegram"
    summary = "Telegram Desktop export in machine-readable JSON (result.json), one chat or a whole account"
    endings: tuple[str, ...] = (".json",)

    def sniff(self, stream: Stream) -> float:
        start = peek(stream.head)
        if not start.lstrip().startswith("{"):
            return 0.0
        chat = _MESSAGES.search(start) and (_CHAT_TYPE.search(start) or '"date_unixtime"' in start)
        account = _ACCOUNT.match(start) and _SECTION.search(start)
        return 0.95 if chat or account else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        found, tally, refusal = survey(stream), Tally(stream), None
        fallback = source_of(stream, options)
        try:
            with utf8(stream, found) as file:
                for element in _json.elements(file, _is_messages, options.limits.record):
                    yield from _item(element, _chat(element, fallback), stream, found.sha256, tally)
        except Refused as error:
            refusal = error
        yield from tally.summary()
        if refusal:
            raise refusal


class TelegramHtmlReader:
    name = "telegram-html"
    summary = "Telegram Desktop export in HTML (messages.html): recognised, and refused with advice"
    endings: tuple[str, ...] = (".html",)

    def sniff(self, stream: Stream) -> float:
        start = peek(stream.head)
        return 0.95 if "<title>Exported Data</title>" in start and 'class="page_wrap' in start else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        raise Refused(
            "is a Telegram export in HTML, which rounds times and hides whose words are forwarded",
            'set aside; export again in Telegram Desktop with the format "Machine-readable JSON"',
        )
        yield


def _is_messages(path: _json.Path) -> bool:
    return path == ("messages",) or (len(path) == 4 and path[1:] == ("list", "*", "messages"))


def _chat(element: _json.Element, fallback: str) -> Chat:
    name = element.beside.get("name")
    return Chat(
        name=name if isinstance(name, str) and name.strip() else fallback,
        type=str(element.beside.get("type", "")),
        alone=element.path == ("messages",),
    )


def _item(element: _json.Element, chat: Chat, stream: Stream, sha256: str, tally: Tally) -> Iterator[Item]:
    excerpt = element.raw[:500].decode("utf-8", "replace")
    place = f"message at place {element.number}"
    try:
        message = _json.parse(element.raw)
        if not isinstance(message, dict):
            raise ValueError("no object")
        if skipped := _skipped(message):
            tally.skip(skipped)
            return
        place = _position(message, chat, element.number)
        tally.check(_text(message), place)
        where = Origin(path=stream.path, position=at(stream, place), raw_sha256=sha256, retrieved_at=stream.retrieved)
        yield _document(message, chat, where)
    except (ValueError, RecursionError) as error:
        yield from tally.tell(f"is no message that can be read ({error})", "this message is set aside", place, excerpt)


def _skipped(message: Message) -> str:
    """Why a message is no document; empty when it is one."""
    if message.get("type") == "service":
        return "service messages skipped"
    if message.get("type") == "unsupported":
        return "messages that Telegram Desktop could not export skipped"
    return "" if _text(message).strip() else "messages without text (pictures, stickers, places) skipped"


def _position(message: Message, chat: Chat, number: int) -> str:
    own = f"message {message.get('id', f'at place {number}')}"
    return own if chat.alone else f"chat {chat.name}, {own}"


def _document(message: Message, chat: Chat, where: Origin) -> Document:
    source, kind = _source(message, chat)
    published_at, grain = _published(message)
    forwarded = _string(message, "forwarded_from")
    parts = _parts(message)
    return make_document(
        origin=where,
        source=source,
        source_kind=kind,
        platform="telegram",
        kind="message",
        author=_string(message, "author") or (_string(message, "from") if kind == "account" else ""),
        published_at=published_at,
        published_grain=grain,
        native_id=_string(message, "id"),
        text=_text(message),
        links=_unique(part.get("href") or part.get("text") for part in parts if part.get("type") in _LINKS),
        hashtags=_unique(_tag(part) for part in parts if part.get("type") == "hashtag"),
        media=_media(message),
        forwarded_from=forwarded,
        forward_inferred=bool(forwarded),
        reply_to=_string(message, "reply_to_message_id"),
        reader="telegram",
    )


def _source(message: Message, chat: Chat) -> tuple[str, SourceKind]:
    """A channel speaks under its own name; in groups and private chats each member does."""
    if chat.type in _CHANNELS:
        return chat.name, "channel"
    if sender := _string(message, "from"):
        return sender, "channel" if _string(message, "from_id").startswith("channel") else "account"
    return chat.name, "unknown"


def _published(message: Message) -> Stated:
    """UTC by ``date_unixtime``; older exports state only the exporting computer's local time, which stays naive."""
    stated = iso_utc(_string(message, "date_unixtime"))
    return stated if stated != UNKNOWN else iso_utc(_string(message, "date"))


def _text(message: Message) -> str:
    text = "".join(_string(part, "text") for part in _parts(message))
    poll = message.get("poll")
    return text or (_string(poll, "question") if isinstance(poll, dict) else "")


def _parts(message: Message) -> list[Message]:
    """The runs of text: ``text_entities``, or ``text`` of exports before 2022, a string or a mixed list."""
    runs = message.get("text_entities") or message.get("text") or []
    runs = runs if isinstance(runs, list) else [runs]
    return [run if isinstance(run, dict) else {"type": "plain", "text": run} for run in runs]


def _media(message: Message) -> tuple[str, ...]:
    return _unique(name for key in _MEDIA if not _LEFT_OUT.search(name := _string(message, key)))


def _tag(part: Message) -> str:
    return _string(part, "text").removeprefix("#")


def _string(item: Message, key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _unique(items: Iterator[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if isinstance(item, str) and item))
