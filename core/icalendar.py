"""Calendar files as RFC 5545 wants them: instants with a name, each with a reminder two hours before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

WIDTH: Final = 73  # 75 octets less the fold's space, rounded down


@dataclass(frozen=True, slots=True)
class Entry:
    """One instant in a calendar: an id that never changes, when, what, where to read on."""

    uid: str
    at: datetime
    summary: str
    url: str
    description: str = ""
    sequence: int = 0


def write(entries: Sequence[Entry], now: datetime, *, name: str = "", product: str = "market") -> str:
    """Write a calendar. Instants are given in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//dongguan-market//{product}//ZH", "METHOD:PUBLISH"]
    if name:
        lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for entry in entries:
        lines += _event(entry, now)
    return "\r\n".join(_folded(line) for line in (*lines, "END:VCALENDAR", ""))


def _event(entry: Entry, now: datetime) -> list[str]:
    summary = _escaped(entry.summary)
    lines = [
        "BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}", f"SEQUENCE:{entry.sequence}",
        f"DTSTART:{entry.at:%Y%m%dT%H%M%SZ}", f"DTEND:{entry.at:%Y%m%dT%H%M%SZ}", f"SUMMARY:{summary}",
    ]  # fmt: skip
    if entry.description:
        lines.append(f"DESCRIPTION:{_escaped(entry.description)}")
    alarm = ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{summary}", "TRIGGER:-PT2H", "END:VALARM")
    return [*lines, f"URL:{entry.url}", *alarm, "END:VEVENT"]


def _escaped(text: str) -> str:
    """Escape a text as RFC 5545 3.3.11 wants it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never inside a character, as RFC 5545 3.1 wants it."""
    parts, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > WIDTH:
            parts.append("")
            size = 0
        parts[-1] += char
        size += width
    return "\r\n ".join(parts)
