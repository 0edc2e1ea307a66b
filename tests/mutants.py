"""Break the engine of the fees in one place at a time and see whether a test notices: `make mutants`.

Each mutant is one small change of the source: a comparison, an operator, a constant, a condition, a returned value.
It is loaded in a process of its own instead of the module and the pure tests run; with `--slow` what
they let pass runs the tests of the schedules too. Docstrings, annotations and decorators aren't changed. `--only FILE`
takes one file; docs/mutants.md says why each that is left changes nothing.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import types
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, settings

import core.datafile
import core.errors
import core.money  # noqa: F401 - imported once here, not once a mutant; the engine itself must not be imported here

ROOT: Final = Path(__file__).parent.parent
ENGINE: Final = "agencies/fees/engine"
FILES: Final = ("shapes", "exact", "charges", "tables", "adjustments", "amounts", "calculation")
PURE: Final = ("tests/agencies/fees/pure",)
SLOWER: Final = tuple(f"tests/agencies/fees/test_{name}.py" for name in ("examples", "reader", "inputs", "schedules"))
QUIET: Final = (
    "-q", "-x", "--noconftest", "-pno:cacheprovider", "--import-mode=importlib", f"-c{os.devnull}", f"--rootdir={ROOT}",
)  # fmt: skip
LONGEST: Final = 15
COMPARED: Final = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
RECKONED: Final = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.RShift: ast.LShift,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: its file, its number within the file, where it stands and what it does."""

    file: str
    number: int
    line: int
    change: str


class Mutator(ast.NodeTransformer):
    """Count the places that can be changed, and change the one asked for (none with -1)."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.found: list[tuple[int, str]] = []

    def here(self, node: ast.AST, change: str) -> bool:
        """Count one place; tell whether it is the one."""
        self.found.append((getattr(node, "lineno", 0), change))
        return len(self.found) - 1 == self.wanted

    def visit(self, node: ast.AST) -> ast.AST:
        """Change one node by its kind, then what hangs below it; leave words and annotations."""
        maker = getattr(self, f"on_{type(node).__name__.lower()}", None)
        if maker is not None:
            node = maker(node)
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "type_params"}:
                continue
            if isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
            elif isinstance(value, list):
                value[:] = [self.visit(one) if isinstance(one, ast.AST) else one for one in value if not _is_words(one)]
        return node

    def on_compare(self, node: ast.Compare) -> ast.AST:
        """Turn each comparison into its neighbour."""
        for index, operator in enumerate(node.ops):
            other = COMPARED[type(operator)]
            if self.here(node, f"{type(operator).__name__} -> {other.__name__}"):
                node.ops[index] = other()
        return node

    def on_binop(self, node: ast.BinOp) -> ast.AST:
        """Turn an operator into its opposite."""
        other = RECKONED[type(node.op)]
        if self.here(node, f"{type(node.op).__name__} -> {other.__name__}"):
            node.op = other()
        return node

    def on_augassign(self, node: ast.AugAssign) -> ast.AST:
        """Assign instead of adding."""
        if self.here(node, "augmented -> plain"):
            target = ast.parse(ast.unparse(node.target)).body[0]
            assert isinstance(target, ast.Expr)
            stored = _stored(target.value)
            return ast.copy_location(ast.fix_missing_locations(ast.Assign([stored], node.value)), node)
        return node

    def on_boolop(self, node: ast.BoolOp) -> ast.AST:
        """Swap and with or."""
        if self.here(node, "and <-> or"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def on_unaryop(self, node: ast.UnaryOp) -> ast.AST:
        """Drop a not or a minus."""
        return node.operand if self.here(node, f"drop {type(node.op).__name__}") else node

    def on_if(self, node: ast.If) -> ast.AST:
        """Take the other branch."""
        if self.here(node, "if not"):
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return node

    def on_ifexp(self, node: ast.IfExp) -> ast.AST:
        """Take the other branch."""
        if self.here(node, "swap branches"):
            node.body, node.orelse = node.orelse, node.body
        return node

    def on_constant(self, node: ast.Constant) -> ast.AST:
        """Change a number, a truth or a text."""
        value = node.value
        if isinstance(value, bool):
            return _constant(node, not value) if self.here(node, f"{value} -> {not value}") else node
        if isinstance(value, int):
            return _constant(node, value + 1) if self.here(node, f"{value} -> {value + 1}") else node
        if isinstance(value, str):
            return _constant(node, f"X{value}X") if self.here(node, f"{value!r} -> 'X…X'") else node
        return node

    def on_return(self, node: ast.Return) -> ast.AST:
        """Return nothing."""
        if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
            return node
        if self.here(node, "return None"):
            node.value = _constant(node, None)
        return node

    def on_break(self, node: ast.Break) -> ast.AST:
        """Go on instead of stopping."""
        return ast.copy_location(ast.Continue(), node) if self.here(node, "break -> continue") else node


def _is_words(node: object) -> bool:
    """Tell whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _stored(node: ast.expr) -> ast.expr:
    """Return an expression as a target."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        node.ctx = ast.Store()
    return node


def _constant(node: ast.AST, value: object) -> ast.Constant:
    """Return a constant in the place of a node."""
    made = ast.Constant(value)  # type: ignore[arg-type]
    return ast.copy_location(made, node)


def mutants(file: str) -> Iterator[Mutant]:
    """Yield every mutant of a file of the engine."""
    counter = Mutator()
    counter.visit(ast.parse((ROOT / ENGINE / f"{file}.py").read_text(encoding="utf-8")))
    for number, (line, change) in enumerate(counter.found):
        yield Mutant(file, number, line, change)


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Load a mutant where its module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = ROOT / ENGINE / f"{mutant.file}.py"
        self.name = f"{ENGINE.replace('/', '.')}.{mutant.file}"
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        changed = ast.fix_missing_locations(Mutator(mutant.number).visit(tree))
        assert isinstance(changed, ast.Module)
        self.code = compile(changed, str(self.path), "exec")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for the one module."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self.path))

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the changed source."""
        exec(self.code, module.__dict__)  # noqa: S102 - the mutant is what is run


def survives(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Tell whether all tests pass on a mutant; one that never ends is noticed too."""
    child = os.fork()
    if child == 0:
        _run(mutant, tests)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _run(mutant: Mutant, tests: Sequence[str]) -> None:
    """Run the tests on a mutant in this process, and end it with their verdict."""
    signal.alarm(LONGEST if tests is PURE else 10 * LONGEST)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    code = 1
    try:
        sys.meta_path.insert(0, _Instead(mutant))
        code = int(pytest.main([*QUIET, *tests]))
    finally:
        os._exit(code)


def judged(mutant: Mutant, *, slow: bool) -> tuple[Mutant, bool]:
    """Return a mutant and whether it survives."""
    return mutant, survives(mutant, PURE) and not (slow and not survives(mutant, SLOWER))


def main() -> int:
    """Judge all mutants, print the share killed a file and who is left. Return 1 below 95 %."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--only", choices=FILES, action="append")
    parser.add_argument("--slow", action="store_true", help="send survivors through the tests of the schedules too")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    os.chdir(ROOT)
    settings.register_profile("mutants", max_examples=25, phases=[Phase.explicit, Phase.generate], database=None)
    settings.load_profile("mutants")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for tests in (PURE, SLOWER) if asked.slow else (PURE,):
        if not survives(Mutant(FILES[0], -1, 0, "nothing"), tests):
            sys.exit(f"{', '.join(tests)}: fails on the engine as it is, so that nothing can be learned from mutants.")
    total, left = 0, 0
    for file in asked.only or FILES:
        found = list(mutants(file))
        with ThreadPoolExecutor(asked.jobs) as pool:
            verdicts = list(pool.map(lambda one: judged(one, slow=asked.slow), found))
        alive = [one for one, survived in verdicts if survived]
        total, left = total + len(found), left + len(alive)
        print(f"{file:12} {len(found):4} mutants, {len(found) - len(alive):4} killed", flush=True)
        for one in alive:
            print(f"    {file}.py:{one.line} #{one.number} {one.change}", flush=True)
    share = 100 * (total - left) / total
    print(f"{total - left} of {total} killed, {share:.1f} %")
    return 0 if share >= 95 else 1


if __name__ == "__main__":
    sys.exit(main())
