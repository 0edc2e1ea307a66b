"""The papers of a panel: its public notice, and a letter to each member once it is in force."""

from __future__ import annotations

from core import papers
from core.money import Money
from marketplace.frameworks import letters
from marketplace.frameworks.lifecycle import Way
from tests.browser import Browse, page
from tests.marketplace.frameworks.world import Hall


def test_a_panel_is_announced_on_paper_with_every_members_price(hall: Hall) -> None:
    framework_id = hall.admitted(500, 600, 990, total=Money.from_yuan(9000))
    with hall.works.reading() as work:
        paper = papers.latest(work.session, letters.NOTICE, framework_id)
        assert paper is not None
        members = [
            [str(one.place), f"{one.price} 元/{hall.framework(framework_id).unit}"]
            for one in hall.members(framework_id)
        ]
        assert [[row[0], row[2]] for row in paper.data["rows"]] == members
        assert ["协议总额", "9,000.00 元"] in paper.data["public"]
        assert papers.latest(work.session, letters.LETTER, hall.members(framework_id)[0].id) is None


def test_each_member_gets_a_letter_when_the_panel_comes_into_force(hall: Hall, browse: Browse) -> None:
    framework_id = hall.in_force(500, 600, 990, way=Way.PRICE)
    with hall.works.reading() as work:
        found = {
            one.agency_id: papers.latest(work.session, letters.LETTER, one.id) for one in hall.members(framework_id)
        }
    assert len(found) == 2
    assert len({paper.data["to"] for paper in found.values() if paper is not None}) == 2
    for agency_id, paper in found.items():
        assert paper is not None
        assert "“二次竞价”" in "".join(paper.data["paragraphs"])
        assert dict(paper.data["lines"])["生效"] == paper.data["dated"]
        shown = page(browse(hall.agent(agency_id)), f"/frameworks/{framework_id}")
        others = [one.code for one in found.values() if one is not None and one is not paper]
        assert paper.code in shown
        assert not any(code in shown for code in others)
        assert papers.render_pdf(paper.template, paper.data).startswith(b"%PDF")
