"""How the product's code is written: who commits, who asks the time, how long a function is, what names say.

Every check is shown one planted breach that it must see, then the tree, where it must see none. Tests are measured too:
how long their files are, and whether what they stand on says what it does.
"""

import ast
from collections.abc import Callable

import pytest

from tests.architecture import product
from tests.architecture.product import Source

Check = Callable[[Source], list[str]]
# Files past the limit that stand as they are. A name may be taken off this list, none added.
LONG_FILES = {
    "migrations/versions/2026_11_23_first_tables.py",  # what has run is not moved
}
# Where not every maker says yet what it makes. To be taken off, and none added.
SILENT = ("tests/life/",)
LONG_FUNCTION = "def long() -> None:\n" + "    pass\n" * 40
PLANTED: list[tuple[Check, str, str]] = [
    (product.commits, "accounts/service.py", "def f(work):\n    work.session.commit()\n"),
    (product.commits, "web/cli.py", "def f(engine):\n    with engine.begin() as c:\n        pass\n"),
    (product.clock_readings, "ratings/service.py", "from datetime import datetime, UTC\nx = datetime.now(UTC)\n"),
    (product.clock_readings, "ratings/service.py", "import datetime\nx = datetime.datetime.utcnow()\n"),
    (product.clock_readings, "ratings/service.py", "import datetime as d\nx = d.date.today()\n"),
    (product.clock_readings, "ratings/service.py", "import time\nx = time.time()\n"),
    (product.clock_readings, "ratings/service.py", "from time import time\nx = time()\n"),
    (product.chance, "marketplace/selection/rules.py", "import random\n"),
    (product.chance, "marketplace/selection/rules.py", "def f():\n    from random import choice\n"),
    (product.chance, "web/demo/world.py", "import random\nx = random.choice([1, 2])\n"),
    (product.chance, "web/demo/world.py", "from random import Random\nx = Random()\n"),
    (product.chance, "marketplace/selection/service.py", "import secrets\n"),
    (product.long_functions, "core/x.py", LONG_FUNCTION),
    (
        product.long_functions,
        "core/x.py",
        "class A:\n" + "".join(f"    {line}\n" for line in LONG_FUNCTION.splitlines()),
    ),
    (product.long_file, "core/x.py", "x = 1\n" * 401),
    (product.undocumented, "core/x.py", "x = 1\n"),
    (product.undocumented, "core/x.py", '"""X."""\ndef f() -> None:\n    pass\n'),
    (product.undocumented, "core/x.py", '"""X."""\nclass A:\n    """A."""\n    def f(self) -> None:\n        pass\n'),
    (product.vague_names, "core/utils.py", ""),
    (product.vague_names, "core/helpers/x.py", ""),
    (product.vague_names, "core/x.py", "class NeedManager:\n    pass\n"),
    (product.bare_silences, "core/x.py", "import os  # noqa\n"),
    (product.bare_silences, "core/x.py", "import os  # noqa: F401\n"),
    (product.bare_silences, "core/x.py", "x: int = ''  # type: ignore[assignment]\n"),
    (product.bare_silences, "core/x.py", "# TODO: later\n"),
]
ALLOWED: list[tuple[Check, str, str]] = [
    (product.commits, "core/work.py", "def f(session):\n    session.commit()\n"),
    (product.commits, "search/x.py", "def f(writer):\n    writer.commit()\n"),
    (product.clock_readings, "core/clock.py", "from datetime import datetime, UTC\nx = datetime.now(UTC)\n"),
    (product.clock_readings, "web/serve.py", "import time\nx = time.monotonic()\n"),
    (product.chance, "web/demo/world.py", "import random\nx = random.Random(7)\n"),
    (product.chance, "accounts/tokens.py", "import secrets\n"),
    (product.chance, "marketplace/quotes/service.py", "from core import secrets\n"),
    (product.long_functions, "core/x.py", "def f() -> None:\n" + "    pass\n" * 39),
    (product.long_file, "core/x.py", "x = 1\n" * 400),
    (product.undocumented, "core/x.py", '"""X."""\ndef _f() -> None:\n    pass\n'),
    (product.bare_silences, "core/x.py", "import os  # noqa: F401 - read by name\n"),
    (product.bare_silences, "core/x.py", "x: int = ''  # type: ignore[assignment]  # the stub is wrong\n"),
    (product.bare_silences, "core/x.py", "# TODO(#12): later\n"),
]
CHECKS = list(dict.fromkeys(check for check, _, _ in PLANTED))


def _title(value: object) -> str:
    return getattr(value, "__name__", None) or str(value).strip()[-40:] or "empty"


@pytest.mark.parametrize(("check", "place", "text"), PLANTED, ids=_title)
def test_a_planted_breach_is_seen(check: Check, place: str, text: str) -> None:
    assert check(Source(place, text))


@pytest.mark.parametrize(("check", "place", "text"), ALLOWED, ids=_title)
def test_what_is_allowed_is_let_be(check: Check, place: str, text: str) -> None:
    assert check(Source(place, text)) == []


def test_the_product_keeps_every_rule() -> None:
    """All rules in one go, since reading the code is what costs."""
    breaches = [
        f"{_title(check)}: {breach}" for source in product.sources() for check in CHECKS for breach in check(source)
    ]
    assert not breaches, "\n".join(["", *breaches])


def test_the_product_is_found() -> None:
    assert {source.place.split("/")[0] for source in product.sources()} >= set(product.PACKAGES)


def test_no_file_is_long_but_those_named() -> None:
    long = {source.place for source in product.code() if product.long_file(source)}
    assert sorted(long - LONG_FILES) == [], "split these by topic"
    assert sorted(LONG_FILES - long) == [], "take these off the list, they are short now"


def test_what_tests_stand_on_says_what_it_does() -> None:
    said = (source for source in product.support() if not source.place.startswith(SILENT))
    breaches = [breach for source in said for breach in product.undocumented(source)]
    assert not breaches, "\n".join(["", *breaches])


def test_every_file_of_tests_says_what_it_holds() -> None:
    tests = (source for source in product.code() if source.place.rpartition("/")[2].startswith("test_"))
    found = {source.place: ast.get_docstring(source.code) for source in tests}
    assert len(found) > len(product.PACKAGES)
    assert [place for place, said in found.items() if not said] == []
