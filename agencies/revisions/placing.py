"""A mistake in a schedule's text as a sentence: which line, which table, which key, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_PART: Final = re.compile(r"\[\[(?P<list>\w+)\]\] (?P<nth>\d+)(?: \([^)]*\))?|\[(?P<table>[^\[\]]+)\]")
_SYNTAX: Final = re.compile(r"is not TOML: (?P<why>.*?)(?: \(at line (?P<line>\d+), column (?P<column>\d+)\))?$")
_END: Final = "at end of document"
WHYS: Final[Sequence[tuple[re.Pattern[str], Any]]] = [
    (re.compile(r"is missing$"), _l("没有写，补上它")),
    (re.compile(r"is empty$"), _l("是空的，填上内容")),
    (re.compile(r"is not text$"), _l("要写成引号里的文字")),
    (re.compile(r"is not a (?:whole )?number$"), _l("要写成数字，不加引号")),
    (re.compile(r"is not a date"), _l("要写成日期，如 2021-07-01，不加引号")),
    (re.compile(r"is neither true nor false$"), _l("只写 true 或 false")),
    (re.compile(r"is not a (?:list of )?(?:texts|tables?)$"), _l("的写法不对，对照现行文本的同名项")),
    (re.compile(r"unknown key; known here: (?P<known>.*)"), _l("没有这一项，这里能写的有：%(known)s")),
    (re.compile(r"(?P<given>'.*') is not one of (?P<known>.*)"), _l("不能写 %(given)s，从这些里选：%(known)s")),
    (re.compile(r"stands in the file twice$"), _l("重复了，留一个")),
    (re.compile(r"(?P<one>.*) does not end before (?P<two>.*) begins"), _l("版本 %(one)s 要在版本 %(two)s 开始前结束")),
    (re.compile(r"at least one is needed$"), _l("至少写一个")),
    (re.compile(r"(?P<given>'.*') is not a field of this file"), _l("写了 %(given)s，文本里没有这个字段")),
    (re.compile(r"(?P<two>.*) does not follow (?P<one>.*)"), _l("要从小到大排，%(two)s 不能排在 %(one)s 后面")),
    (re.compile(r"holds (?P<given>.*), which is not a number"), _l("里的 %(given)s 不是数字")),
    (re.compile(r"holds (?P<given>'.*') twice"), _l("把 %(given)s 写了两次，留一个")),
    (re.compile(r"is not a list of"), _l("要写成方括号里的一列，如 [1, 2]")),
    (re.compile(r"(?P<given>'.*') is not (?:the key of )?a choice"), _l("写了 %(given)s，它不是这个字段的选项")),
    (re.compile(r"has nothing for (?P<given>'.*') of"), _l("缺了选项 %(given)s 的一栏")),
    (re.compile(r"a range has both ends"), _l("写了区间，low 和 high 都要写")),
    (re.compile(r"each row but the last has"), _l("除最后一行外，每行都要写 upto")),
    (re.compile(r"is in (?P<one>\S+), not (?P<two>\S+)"), _l("的单位是 %(one)s，服务的单位是 %(two)s，改成一致")),
    (re.compile(r"(?P<many>\d+) rates.* for (?P<ends>\d+) band ends"),
     _l("有 %(many)s 个费率、%(ends)s 个分档界限，费率要比界限多一个")),
]  # fmt: skip


def said_fault(problem: str, text: str) -> str:
    """Say what the reader of schedules refused, with the line in the text it is about.

    problem: the refusal's own words: ``toml [[versions]] 2 (2011): since: is missing``.
    """
    place, _colon, rest = problem.partition(": ")
    syntax = _SYNTAX.search(problem)
    if syntax is not None:
        line = syntax["line"] or str(len(text.splitlines()))
        return _(
            "第 %(line)s 行第 %(column)s 列附近的 TOML 写法读不懂（%(why)s）。核对引号、括号和等号。",
            line=line, column=syntax["column"] or "1", why=syntax["why"].removesuffix(_END).strip(),
        )  # fmt: skip
    key, _colon, why = rest.partition(": ")
    parts = [(found["list"] or found["table"], found["nth"]) for found in _PART.finditer(place)]
    table = " ".join(f"[[{name}]] {_('第 %(nth)s 个', nth=nth)}" if nth else f"[{name}]" for name, nth in parts)
    return _(
        "第 %(line)s 行，%(table)s 里的 %(key)s：%(why)s。",
        line=line_of(text, [(name, int(nth) if nth else 0) for name, nth in parts], key),
        table=table or _("文件开头"), key=key, why=_said(why),
    )  # fmt: skip


def line_of(text: str, parts: Sequence[tuple[str, int]], key: str) -> int:
    """Return the number of the line where a table writes a key, else where the table begins; the first is 1.

    parts: from the outside in, each a table's name with its ordinal in a list of tables, 0 for a single one.
    """
    lines = text.splitlines()
    for depth in range(len(parts), -1, -1):
        found = _span(lines, parts[:depth])
        if found is not None:
            sought = parts[depth][0] if depth < len(parts) else key
            return _key_line(lines, found, sought)
    return 1


def _span(lines: Sequence[str], parts: Sequence[tuple[str, int]]) -> tuple[int, int] | None:
    """Return where a table's own lines begin and end, by index; None when no header names it."""
    if not parts:
        first = next((place for place, line in enumerate(lines) if _HEADER.match(line)), len(lines))
        return 0, first
    counts: dict[tuple[str, ...], int] = {}
    begun: int | None = None
    for place, line in enumerate(lines):
        header = _HEADER.match(line)
        if header is None:
            continue
        if begun is not None:
            return begun, place
        path = tuple(part.strip().strip('"') for part in header[2].split("."))
        if header[1] == "[[":
            counts[path] = counts.get(path, 0) + 1
            for deeper in [one for one in counts if len(one) > len(path) and one[: len(path)] == path]:
                del counts[deeper]
        here = [(name, counts.get(path[: index + 1], 0)) for index, name in enumerate(path)]
        if here == [*parts]:
            begun = place
    return None if begun is None else (begun, len(lines))


def _key_line(lines: Sequence[str], span: tuple[int, int], key: str) -> int:
    written = re.compile(rf"\s*{re.escape(key.partition(',')[0])}\s*=")
    for place in range(*span):
        if written.match(lines[place]):
            return place + 1
    return span[0] + 1


def _said(why: str) -> str:
    for pattern, sentence in WHYS:
        found = pattern.search(why)
        if found is not None:
            return str(sentence) % found.groupdict() if found.groupdict() else str(sentence)
    return why
