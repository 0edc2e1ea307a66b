"""Who may import whom. The contracts of pyproject.toml hold, and each is seen to break on planted breaches."""

import itertools
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.product import PACKAGES, ROOT

LINTER = str(Path(sys.executable).with_name("lint-imports"))
ROOMS = {
    "agencies": ("catalogue", "registration", "fees"),
    "marketplace": ("needs", "quotes", "selection", "contracts"),
    "admin": ("performance", "oversight", "audits"),
}
FILES = (
    "views", "api", "tasks", "forms", "schemas", "service", "queries", "permissions", "models", "rules", "lifecycle",
    "events",
)  # fmt: skip
SINGLE_ROOMS = ("accounts", "ratings", "search")
UPWARD_PACKAGES = ("core", "accounts", "agencies", "marketplace", "ratings", "search", "admin", "web")
UPWARD_FILES = ("lifecycle", "rules", "models", "permissions", "queries", "service", "schemas", "forms", "views")
# contract -> what is planted: module, the line, what the linter must say
Plant = tuple[str, str, str]
PLANTS: dict[str, list[Plant]] = {
    "packages": [
        (f"{low}.planted", f"import {high}.planted", f"{low} is not allowed to import {high}")
        for low, high in itertools.pairwise(UPWARD_PACKAGES)
    ]
    + [
        ("agencies.fees.service", "def f():\n    from ratings import service", "agencies is not allowed to import ratings")
    ],
    "room-files": [
        (f"{room}.{low}", f"import {room}.{high}", f"{room}.{low} is not allowed to import {room}.{high}")
        for room, pairs in (
            ("agencies.fees", tuple(itertools.pairwise(UPWARD_FILES))),
            ("marketplace.needs", (("rules", "models"), ("service", "tasks"), ("events", "lifecycle"))),
            ("admin.oversight", (("queries", "api"),)),
            ("ratings", (("rules", "service"), ("views", "api"))),
            ("accounts", (("models", "queries"),)),
            ("search", (("service", "schemas"),)),
        )
        for low, high in pairs
    ],
    "marketplace-rooms": [
        ("marketplace.needs.service", "import marketplace.quotes.queries", "needs is not allowed to import marketplace.quotes"),
        ("marketplace.quotes.service", "import marketplace.selection.rules", "quotes is not allowed to import marketplace.selection"),
        ("marketplace.selection.service", "import marketplace.contracts.models", "selection is not allowed to import marketplace.contracts"),
    ],
    "agencies-rooms": [
        ("agencies.catalogue.service", "import agencies.registration.queries", "catalogue is not allowed to import agencies.registration"),
        ("agencies.registration.service", "import agencies.fees.queries", "registration is not allowed to import agencies.fees"),
    ],
    "no-circles": [
        ("admin.oversight.queries", "import admin.performance.queries", "No cycles are allowed in admin"),
        ("admin.performance.service", "import admin.oversight.queries", ".performance -> .oversight"),
    ],
    "pure": [
        (module, f"import {library}", f"{module.removesuffix('.planted')} is not allowed to import {library}")
        for module, library in (
            ("core.money", "sqlalchemy"),
            ("core.lifecycle", "sqlalchemy"),
            ("core.access", "flask_login"),
            ("core.errors", "flask"),
            ("agencies.fees.engine.planted", "sqlalchemy"),
            ("agencies.fees.columns.planted", "flask"),
            ("marketplace.selection.rules", "celery"),
            ("ratings.rules", "whoosh"),
            ("marketplace.quotes.lifecycle", "marshmallow"),
        )
    ],
    "no-web": [
        (module, f"import {library}", f"{module} is not allowed to import {library}")
        for module, library in (
            ("marketplace.quotes.service", "flask"),
            ("agencies.fees.models", "marshmallow"),
            ("ratings.queries", "werkzeug"),
            ("search.permissions", "flask_login"),
            ("accounts.service", "flask"),
        )
    ],
}  # fmt: skip


def _file(root: Path, module: str) -> Path:
    return root.joinpath(*module.split(".")).with_suffix(".py")


def _skeleton(root: Path) -> None:
    """Write the house with every room and file empty, under the contracts of this tree."""
    rooms = [Path(package, room) for package, names in ROOMS.items() for room in names]
    pure = (Path("agencies", "fees", "engine"), Path("agencies", "fees", "columns"))
    for folder in [*map(Path, PACKAGES), *rooms, *pure]:
        (root / folder).mkdir(parents=True)
        for name in ("__init__", "planted", *FILES):
            (root / folder / f"{name}.py").touch()
    for name in ("money", "access", "errors"):
        (root / "core" / f"{name}.py").touch()
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")


def _lint(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "300"}
    environment.pop("PYTHONPATH", None)
    command = [LINTER, "--no-logo", "--no-cache", *words]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_the_contracts_hold() -> None:
    report = _lint(ROOT)
    assert report.returncode == 0, report.stdout + report.stderr


def test_an_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    _skeleton(tmp_path)
    report = _lint(tmp_path)
    assert report.returncode == 0, report.stdout + report.stderr
    assert "0 broken" in report.stdout


@pytest.mark.parametrize("contract", PLANTS)
def test_a_contract_breaks_on_each_planted_import(contract: str, tmp_path: Path) -> None:
    _skeleton(tmp_path)
    for module, line, _ in PLANTS[contract]:
        with _file(tmp_path, module).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    report = _lint(tmp_path, "--contract", contract)
    said = " ".join(report.stdout.split())
    assert report.returncode == 1, report.stdout + report.stderr
    assert [sentence for _, _, sentence in PLANTS[contract] if sentence not in said] == []


def test_every_contract_has_its_plants() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert {contract["id"] for contract in settings["contracts"]} == set(PLANTS)


def test_no_folder_of_code_hides_from_the_contracts() -> None:
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert sorted(str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()) == []
