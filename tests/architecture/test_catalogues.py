"""Every sentence a page can say is there in 繁體 and in English, with the same places to fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("core", "accounts", "agencies", "marketplace", "ratings", "search", "admin", "web")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
PLACES = re.compile(r"%\(\w+\)[sd]")
LOCALES = sorted({"zh_Hant", *(path.name for path in (ROOT / "web" / "translations").iterdir() if path.is_dir())})


def messages(locale: str) -> Iterator[Message]:
    """Yield the entries of a catalogue."""
    with (ROOT / "web" / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        yield from (message for message in read_po(file) if message.id)


def words(message: Message) -> str:
    """Return what a message says, of a plural the last form."""
    said = message.string
    return str(said[-1] if isinstance(said, tuple | list) else said)


def asked() -> set[str]:
    """Return every sentence the code and the templates ask for."""
    found = set()
    for room in ROOMS:
        for _file, _line, sentence, _comments, _context in extract_from_dir(ROOT / room, METHODS, keywords=KEYWORDS):
            found.add(sentence[0] if isinstance(sentence, tuple) else sentence)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_is_complete(locale: str) -> None:
    known = {message.id[0] if isinstance(message.id, tuple) else message.id: message for message in messages(locale)}
    missing = sorted(sentence for sentence in asked() if sentence not in known or not words(known[sentence]))
    assert not missing, f"{len(missing)} sentences without {locale}: run make i18n and translate: {missing[:20]}"
    assert not [message.id for message in known.values() if message.fuzzy]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_fills_the_same_places(locale: str) -> None:
    wrong = [
        message.id
        for message in messages(locale)
        if set(PLACES.findall(str(message.id))) != set(PLACES.findall(words(message)))
    ]
    assert not wrong


def test_the_english_catalogue_is_english() -> None:
    """Names of places, laws and papers are written in letters too; what people typed stays as it is."""
    chinese = re.compile("[\u3000-\u9fff\uff00-\uffef]")
    assert [message.id for message in messages("en") if chinese.search(words(message))] == []


def test_the_reader_chooses_the_language(client: FlaskClient) -> None:
    shown = client.get("/", query_string={"lang": "zh-Hant"}).get_data(as_text=True)
    assert 'lang="zh-Hant"' in shown
    assert "投資建設審批中介" in shown


def test_a_language_without_a_catalogue_is_not_offered(client: FlaskClient) -> None:
    shown = client.get("/", query_string={"lang": "en"}).get_data(as_text=True)
    assert ('lang="en"' in shown) == ("en" in LOCALES)
