"""Read dated data files (TOML) into typed rows, with refusals that name the file, the row and the key.

Data files hold what the law or an office decides: codes, catalogues, parameters. They are edited by people, so a
misspelled key, a missing one or a wrong type is refused on reading rather than found later on a page. Decimal
fractions are read as Decimal, never as float.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)


class DataFileError(ValueError):
    """A data file breaks its own rules; the message names file, row and key."""


@dataclass(frozen=True)
class Row:
    """One table of a data file.

    place: where it stands, as a reader finds it: file, table and ordinal or code.
    """

    place: str
    values: Mapping[str, object]

    def refuse(self, key: str, why: str) -> DataFileError:
        """Build the refusal of one key of this row."""
        return DataFileError(f"{self.place}: {key}: {why}")

    def only(self, *keys: str) -> None:
        """Refuse a key that no one reads, which is most often a misspelling."""
        for key in self.values:
            if key not in keys:
                raise self.refuse(key, f"unknown key; known here: {', '.join(keys)}")

    def has(self, key: str) -> bool:
        """Tell whether the key is written."""
        return key in self.values

    def text(self, key: str, *, empty: bool = False) -> str:
        """Return a string; an empty one only where the caller says so."""
        value = self._value(key)
        if not isinstance(value, str):
            raise self.refuse(key, "is not text")
        if not empty and not value.strip():
            raise self.refuse(key, "is empty")
        return value

    def text_or(self, key: str, default: str) -> str:
        """Return a string, or the default when the key is absent."""
        return self.text(key, empty=True) if key in self.values else default

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise self.refuse(key, "is neither true nor false")
        return value

    def integer(self, key: str) -> int:
        """Return a whole number."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(key, "is not a whole number")
        return value

    def decimal(self, key: str) -> Decimal:
        """Return a number as a Decimal, exactly as it is written."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refuse(key, "is not a number")
        number = Decimal(value)
        if not number.is_finite():
            raise self.refuse(key, "is not a number")
        return number

    def day(self, key: str) -> date:
        """Return a calendar day."""
        value = self._value(key)
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.refuse(key, "is not a date such as 2021-07-01")
        return value

    def day_or_none(self, key: str) -> date | None:
        """Return a calendar day, or nothing when the key is absent."""
        return self.day(key) if key in self.values else None

    def choice(self, key: str, kind: type[E]) -> E:
        """Return a member of a closed list of words."""
        value = self.text(key)
        try:
            return kind(value)
        except ValueError:
            raise self.refuse(key, f"{value!r} is not one of {', '.join(kind)}") from None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings, none empty and none twice; nothing when the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.refuse(key, "is not a list of texts")
        found: list[str] = []
        for one in value:
            if not isinstance(one, str) or not one.strip():
                raise self.refuse(key, "holds something that is not text, or is empty")
            if one in found:
                raise self.refuse(key, f"holds {one!r} twice")
            found.append(one)
        return tuple(found)

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Return a list of members of a closed list of words."""
        words = self.texts(key)
        try:
            return tuple(kind(word) for word in words)
        except ValueError:
            raise self.refuse(key, f"holds a word that is not one of {', '.join(kind)}") from None

    def rows(self, key: str) -> tuple["Row", ...]:
        """Return the tables nested under a key; nothing when the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.refuse(key, "is not a list of tables")
        return tuple(
            Row(self._place_of(key, number, one), self._table(key, one)) for number, one in enumerate(value, start=1)
        )

    def row(self, key: str) -> "Row":
        """Return the one table written under a key."""
        return Row(f"{self.place} [{key}]", self._table(key, self._value(key)))

    def _value(self, key: str) -> object:
        if key not in self.values:
            raise self.refuse(key, "is missing")
        return self.values[key]

    def _table(self, key: str, value: object) -> Mapping[str, object]:
        if not isinstance(value, dict):
            raise self.refuse(key, "is not a table")
        return value

    def _place_of(self, key: str, number: int, value: object) -> str:
        name = value.get("code", value.get("key", "")) if isinstance(value, dict) else ""
        return f"{self.place} [[{key}]] {number}" + (f" ({name})" if name else "")


def read_datafile(path: Path) -> Row:
    """Read a whole TOML file as one row; its tables hang below.

    Raises DataFileError when the file is absent, is not UTF-8 or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataFileError(f"{path.name}: is not UTF-8: {error.reason} at byte {error.start}") from error
    return read_datatext(text, path.name)


def read_datatext(text: str, name: str) -> Row:
    """Read TOML that is no file yet, such as a draft; ``name`` stands for the file. Raises DataFileError."""
    try:
        return Row(name, tomllib.loads(text, parse_float=Decimal))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataFileError(f"{name}: is not TOML: {error}") from error


def refuse_repeats(rows: tuple[Row, ...], *keys: str) -> None:
    """Refuse two rows that agree in all the given keys, naming the second."""
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        identity = tuple(row.values.get(key) for key in keys)
        if identity in seen:
            raise row.refuse(", ".join(keys), "stands in the file twice")
        seen.add(identity)
