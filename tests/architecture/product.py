"""The product's own Python files, as trees to look at, and what may be wrong with one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "accounts", "agencies", "marketplace", "ratings", "search", "admin", "web")
LONGEST_FUNCTION = 40
LONGEST_FILE = 400
CODE = {".py", ".js", ".css", ".html"}
CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("datetime", "fromtimestamp"),
    ("date", "today"),
    ("date", "fromtimestamp"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
# Keys and tokens; the salt and the receipt of a sealed quote. None of them chooses among people.
TOKEN_MAKERS = ("core/", "accounts/", "web/config.py", "marketplace/quotes/service.py")
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}
VAGUE_CLASS = re.compile(r"(Util|Utils|Helper|Helpers|Manager)$")
SPOKEN = re.compile(r"\s*(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*(?!\w)|\[[\w, -]+\])\W*\w")  # codes, then words
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its place in the tree, its text, and the tree of its code."""

    place: str
    text: str

    @cached_property
    def code(self) -> ast.Module:
        """Read the text as Python."""
        return ast.parse(self.text)

    @property
    def is_demo(self) -> bool:
        """Say whether this is the generator of the demo world."""
        return self.place.startswith("web/demo/")


def sources() -> Iterator[Source]:
    """Read every Python file of the product: the packages and `wsgi.py`; migrations and tests are not product."""
    yield from _read(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    yield from _read(path for path in (ROOT / "wsgi.py",) if path.exists())


def support() -> Iterator[Source]:
    """Read what the tests stand on: the makers, browsers and measuring programs beside them, and nothing they call."""
    return _read(path for path in (ROOT / "tests").rglob("*.py") if not path.name.startswith("test_"))


def code() -> Iterator[Source]:
    """Read every file of code there is: product, tests and migrations, Python, scripts, styles and templates."""
    folders = (*PACKAGES, "tests", "migrations")
    return _read(path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in CODE)


def _read(files: Iterable[Path]) -> Iterator[Source]:
    """Read files one by one, so that no more than one tree of code is held at a time."""
    for path in sorted(files):
        yield Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def commits(source: Source) -> list[str]:
    """Find commits outside the unit of work, also those that a `begin` block makes; the index's writer is no database."""
    if source.place == "core/work.py":
        return []
    return [
        f"{source.place}:{call.lineno} {call.func.attr}"
        for call in _method_calls(source)
        if (call.func.attr == "commit" and call.bare and _name(call.func.value) != "writer")
        or (call.func.attr == "begin" and _name(call.func.value) in {"engine", "session"})
    ]


def clock_readings(source: Source) -> list[str]:
    """Find who asks the time without asking the clock."""
    if source.place == "core/clock.py":
        return []
    found = [
        f"{source.place}:{call.lineno} {_name(call.func.value)}.{call.func.attr}"
        for call in _method_calls(source)
        if (_name(call.func.value), call.func.attr) in CLOCK_CALLS
    ]
    bare = {("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime")}
    return found + [f"{source.place}:{line} {'.'.join(pair)}" for line, pair in _imported(source) if pair in bare]


def chance(source: Source) -> list[str]:
    """Find draws that nobody can repeat.

    `random` belongs to the demo generator, and only as `Random(seed)`; `secrets` makes tokens and keys.
    """
    found = []
    for line, (module, name) in _imported(source):
        if module == "random" and not (source.is_demo and name in {"", "Random"}):
            found.append(f"{source.place}:{line} random")
        if module == "secrets" and not source.place.startswith(TOKEN_MAKERS):
            found.append(f"{source.place}:{line} secrets")
    found += [
        f"{source.place}:{call.lineno} random.{call.func.attr}"
        for call in _method_calls(source)
        if _name(call.func.value) == "random" and call.func.attr != "Random"
    ]
    seedless = (call for call in ast.walk(source.code) if isinstance(call, ast.Call) and _name(call.func) == "Random")
    return found + [f"{source.place}:{call.lineno} Random without a seed" for call in seedless if not call.args]


def long_functions(source: Source) -> list[str]:
    """Find functions that ask to be two."""
    return [
        f"{source.place}:{function.lineno} {function.name} has {length} lines"
        for function in ast.walk(source.code)
        if isinstance(function, Function)
        and (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]


def long_file(source: Source) -> list[str]:
    """Say when a file asks to be two."""
    length = source.text.count("\n")
    return [f"{source.place} has {length} lines"] if length > LONGEST_FILE else []


def undocumented(source: Source) -> list[str]:
    """Find public modules, classes, functions and methods that do not say what they are for."""
    if not source.text.strip():
        return []
    found = [] if ast.get_docstring(source.code) else [f"{source.place}:1 module"]
    return found + [
        f"{source.place}:{node.lineno} {node.name}" for node in _public(source.code) if not ast.get_docstring(node)
    ]


def vague_names(source: Source) -> list[str]:
    """Find names that say nothing."""
    found = [f"{source.place}: {part}" for part in Path(source.place).with_suffix("").parts if part in VAGUE_MODULES]
    classes = (node for node in ast.walk(source.code) if isinstance(node, ast.ClassDef))
    return found + [f"{source.place}:{node.lineno} {node.name}" for node in classes if VAGUE_CLASS.search(node.name)]


def bare_silences(source: Source) -> list[str]:
    """Find silenced rules without code or reason on the same line, and TODOs without an issue."""
    found = []
    for number, line in enumerate(source.text.splitlines(), 1):
        silence = re.search(r"#\s*(noqa|type:\s*ignore)\b(.*)", line)
        if silence and not SPOKEN.match(silence[2]):
            found.append(f"{source.place}:{number} {silence[0].strip()}")
        if re.search(r"#.*\bTODO\b(?!.*#?\d)", line):
            found.append(f"{source.place}:{number} a TODO without its issue")
    return found


def _public(node: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """Walk what others may call: not nested functions, not names with an underscore, not `Meta`."""
    for child in node.body:
        if not isinstance(child, Function | ast.ClassDef) or child.name.startswith("_") or child.name == "Meta":
            continue
        yield child
        if isinstance(child, ast.ClassDef):
            yield from _public(child)


@dataclass(frozen=True, slots=True)
class _MethodCall:
    func: ast.Attribute
    lineno: int
    bare: bool


def _method_calls(source: Source) -> Iterator[_MethodCall]:
    for node in ast.walk(source.code):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield _MethodCall(node.func, node.lineno, not node.args and not node.keywords)


def _imported(source: Source) -> Iterator[tuple[int, tuple[str, str]]]:
    """Walk the imports as (line, (module, name)); the name is empty for a plain import."""
    for node in ast.walk(source.code):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, (alias.name, "")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.lineno, (node.module or "", alias.name)) for alias in node.names)


def _name(node: ast.expr) -> str:
    """Return the last word of a dotted name, or nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
