"""The papers of the repository lead where they say, leave no page and no decision out, and name every setting."""

import re
from pathlib import Path

import pytest

from accounts import reference as places
from agencies.catalogue import reference as catalogue
from agencies.fees.register import SCHEDULES
from tests.architecture import product
from tests.architecture.product import ROOT

SKIPPED = {".venv", "var", "node_modules", ".git"}
FENCED = re.compile(r"```.*?```", re.DOTALL)
LINK = re.compile(r"""\]\(([^)\s]+)\)|(?:src|href)="([^"]+)\"""")
FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:|//")


def papers() -> list[Path]:
    """Find every Markdown file of the repository."""
    found = sorted(ROOT.rglob("*.md"))
    return [path for path in found if not SKIPPED & set(path.relative_to(ROOT).parts)]


def anchors(text: str) -> set[str]:
    """Return the names under which a page's headings are reached: small letters, blanks as dashes, no marks."""
    headings = re.findall(r"^#+ +(.+?) *$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def dead_links(paper: Path) -> list[str]:
    """Find the relative links of a page that lead to no file, or to no heading of one."""
    found = []
    for match in LINK.finditer(FENCED.sub("", paper.read_text(encoding="utf-8"))):
        link = match[1] or match[2]
        if FOREIGN.match(link):
            continue
        place, _, heading = link.partition("#")
        target = paper.parent / place if place else paper
        if not target.exists() or (heading and heading not in anchors(target.read_text(encoding="utf-8"))):
            found.append(f"{paper.name}: {link}")
    return found


@pytest.mark.parametrize(
    "link",
    ["[a](no.md)", "![a](no/a.png)", '<img src="no.png">', "[a](#no)", "[a](other.md#no)", "[a](other.md#Other)"],
)
def test_a_planted_dead_link_is_seen(link: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Other words, here\n", encoding="utf-8")
    (tmp_path / "page.md").write_text(f"# Page\n\n{link}\n", encoding="utf-8")
    assert dead_links(tmp_path / "page.md") != []


@pytest.mark.parametrize(
    "link", ["[a](other.md)", "[a](other.md#other-words-here)", "[a](#page)", "[a](https://example.org/no)", "[a](sub)"]
)
def test_a_living_link_is_let_be(link: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "other.md").write_text("# Other words, here\n", encoding="utf-8")
    (tmp_path / "page.md").write_text(f"# Page\n\n{link}\n\n```\n[b](no.md)\n```\n", encoding="utf-8")
    assert dead_links(tmp_path / "page.md") == []


def test_every_link_leads_somewhere() -> None:
    found = [link for paper in papers() for link in dead_links(paper)]
    assert not found, "\n".join(["", *found])


def test_every_decision_stands_in_the_index_and_carries_its_number() -> None:
    folder = ROOT / "docs" / "adr"
    files = [path.name for path in sorted(folder.glob("[0-9]*.md"))]
    rows = re.findall(r"^\| \[(\d+)\]\(([^)]+)\) \|", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(name[:4], name) for name in files]


def test_every_page_of_the_papers_is_linked_from_their_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (ROOT / "docs").iterdir() if path.is_dir() or path.suffix == ".md"]
    assert [name for name in sorted(pages) if name != "README.md" and f"]({name}" not in index] == []


def settings(text: str) -> set[str]:
    """Find the names a piece of code reads from the environment."""
    return set(re.findall(r"""(?:environ|given|env)(?:\.get\(|\[|, )"([A-Z_]+)\"""", text)) - {
        "MAKELEVEL"
    }  # make's own


def test_a_planted_setting_is_seen() -> None:
    assert settings('x = os.environ.get("PLANTED") or 1') == {"PLANTED"}
    assert settings('x = given["PLANTED_TOO"]') == {"PLANTED_TOO"}


def test_every_setting_stands_in_the_readme() -> None:
    found = {name for source in product.sources() for name in settings(source.text)}
    assert {"MARKET_DATA", "PORT", "SECRET_KEY", "WEB_BIND"} <= found
    known = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert sorted(found - known) == []


@pytest.mark.parametrize(
    ("paper", "said", "count"),
    [
        ("README.md", r"The (\d+) fee schedules", len(SCHEDULES)),
        ("README.md", r"catalogue of (\d+) service items", len(catalogue.items())),
        ("README.md", r"the (\d+) towns", len(places.divisions())),
        ("README.zh.md", r"(\d+) 份收费标准", len(SCHEDULES)),
        ("README.zh.md", r"(\d+) 项服务", len(catalogue.items())),
        ("README.zh.md", r"(\d+) 个镇街园区", len(places.divisions())),
        ("CHANGELOG.md", r"(\d+) schedule files", len(SCHEDULES)),
    ],
)
def test_a_number_the_papers_say_is_right(paper: str, said: str, count: int) -> None:
    assert re.findall(said, (ROOT / paper).read_text(encoding="utf-8")) == [str(count)]


def test_the_papers_are_found() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "glossary.md"} <= {path.name for path in papers()}
