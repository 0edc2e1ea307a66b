"""What complaints about one panel do to it together: held, suspended to a cap, kept beyond it, let go."""

from __future__ import annotations

import pytest

from marketplace.complaints.lifecycle import Aspect
from marketplace.frameworks import admitting
from marketplace.frameworks.commands import Admit
from marketplace.frameworks.lifecycle import FrameworkState
from tests.marketplace.complaints.court import Court, court
from tests.marketplace.frameworks.world import Hall

S = FrameworkState
PRICES = (700, 800, 900)


@pytest.fixture
def hearing(hall: Hall) -> Court:
    """Set the offices up."""
    return court(hall.market)


def test_a_panel_is_made_under_what_was_complained_of_before(hall: Hall, hearing: Court) -> None:
    framework_id = hall.quoted(*PRICES)
    need_id = hall.need_of(framework_id).id
    hearing.accepted(hearing.file(need_id, place=1, aspect=Aspect.NOTICE).id)
    with hall.works.writing(hall.market.owner) as work:
        admitting.admit(work, framework_id, Admit())
    hearing.settle()
    assert hall.framework(framework_id).state is S.SUSPENDED
