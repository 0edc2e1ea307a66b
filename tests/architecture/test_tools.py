"""The linters are set as the house wants them: the tree passes, and a planted breach does not."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.product import ROOT

BIN = Path(sys.executable).parent
RUFF_PLANTS = [
    ("core/planted.py", "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n", "TID251"),
    ("accounts/planted.py", "import time\n\nNOW = time.time()\n", "TID251"),
    ("marketplace/planted.py", "import random\n\nrandom.seed(1)\n", "TID251"),
    ("ratings/planted.py", "def score():\n    return 1\n", "ANN201"),
    ("ratings/planted.py", "def score() -> int:\n    return 1\n", "D103"),
    ("agencies/planted.py", "print('x')\n", "T201"),
    ("search/planted.py", "try:\n    x = 1\nexcept Exception:\n    pass\n", "BLE001"),
    ("admin/planted.py", "QUERY = 'select * from need where id = %s' % 1\n", "S608"),
    ("migrations/versions/planted.py", "eval('1')\n", "S307"),
    ("tests/core/planted.py", "def test_x(a):\n    assert a\n", "ANN001"),
]
MYPY_PLANTS = [
    ("core/planted.py", "def f(x):\n    return x\n", "no-untyped-def"),
    ("core/planted.py", "def f(x: int) -> str:\n    return x\n", "return-value"),
    (
        "core/planted.py",
        "def f(x: int) -> int:\n    if isinstance(x, int):\n        return 1\n    return 2\n",
        "unreachable",
    ),
    ("core/planted.py", "x: list = []\n", "type-arg"),
    ("core/planted.py", "x = 1  # type: ignore\n", "unused-ignore"),
    ("core/planted.py", "import no_such_library\n", "import-not-found"),
]


def _plant(root: Path, place: str, text: str) -> Path:
    shutil.copy(ROOT / "pyproject.toml", root / "pyproject.toml")
    path = root / place
    path.parent.mkdir(parents=True)
    (path.parent / "__init__.py").touch()
    path.write_text(text, encoding="utf-8")
    return path


def _run(root: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("place", "text", "code"), RUFF_PLANTS, ids=lambda value: str(value).splitlines()[0][:30])
def test_ruff_sees_a_planted_breach(place: str, text: str, code: str, tmp_path: Path) -> None:
    _plant(tmp_path, place, text)
    report = _run(tmp_path, BIN / "ruff", "check", "--no-cache", "--output-format", "json", ".")
    assert code in {finding["code"] for finding in json.loads(report.stdout)}


def test_the_tree_keeps_ruffs_rules_and_layout() -> None:
    for words in (("check",), ("format", "--check")):
        report = _run(ROOT, BIN / "ruff", *words, ".")
        assert report.returncode == 0, report.stdout


def test_mypy_sees_each_planted_breach(tmp_path: Path) -> None:
    """One run over all of them, since starting mypy is what costs."""
    for number, (place, text, _) in enumerate(MYPY_PLANTS):
        _plant(tmp_path, f"plant{number}/{place}", text)
    files = [f"plant{number}/{place}" for number, (place, _, _) in enumerate(MYPY_PLANTS)]
    report = _run(tmp_path, BIN / "mypy", "--config-file", "pyproject.toml", "--no-incremental", *files)
    for number, (_, _, code) in enumerate(MYPY_PLANTS):
        lines = [line for line in report.stdout.splitlines() if line.startswith(f"plant{number}/")]
        assert any(f"[{code}]" in line for line in lines), report.stdout
