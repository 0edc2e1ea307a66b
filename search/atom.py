"""Atom feeds (RFC 4287) as text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE: Final = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a feed. id and updated never depend on who reads; categories: term and label."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str
    author: str
    categories: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's own id, its name, its address and the page it follows."""

    id: str
    title: str
    url: str
    page: str
    lang: str = "zh-Hans-CN"


def write(feed: Feed, entries: Sequence[Entry], empty_at: datetime) -> bytes:
    """Write a feed; it was updated when its newest entry was. empty_at: what an empty one says."""
    root = Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.lang})
    updated = max((one.updated for one in entries), default=empty_at)
    for name, text in (("id", feed.id), ("title", feed.title), ("updated", _moment(updated))):
        SubElement(root, name).text = text
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.url})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
    for entry in entries:
        _add(root, entry)
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _add(root: Element, entry: Entry) -> None:
    node = SubElement(root, "entry")
    texts = (
        ("id", entry.id), ("title", entry.title), ("published", _moment(entry.published)),
        ("updated", _moment(entry.updated)), ("summary", entry.summary),
    )  # fmt: skip
    for name, text in texts:
        SubElement(node, name).text = _clean(text)
    SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    SubElement(SubElement(node, "author"), "name").text = _clean(entry.author)
    for term, label in entry.categories:
        SubElement(node, "category", {"term": term, "label": _clean(label)})


def _moment(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def _clean(text: str) -> str:
    """Leave out what XML 1.0 cannot hold."""
    return "".join(char for char in text if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff"))
