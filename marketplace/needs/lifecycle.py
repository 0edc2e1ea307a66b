"""The lives of a need and of a question on it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class NeedState(StrEnum):
    """Where a need stands."""

    DRAFT = "draft"
    OPEN = "open"
    SELECTING = "selecting"
    AWARDED = "awarded"
    CONTRACTED = "contracted"
    COMPLETED = "completed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class QuestionState(StrEnum):
    """Where a question on a notice stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"


_S = NeedState
_Q = QuestionState
QUESTION_ANSWER: Final = "question.answer"
PUBLISHED: Final = frozenset(NeedState) - {_S.DRAFT}

NEED: Final = Lifecycle(
    "need",
    NeedState,
    initial=_S.DRAFT,
    moves=[
        Move("publish", "published", (_S.DRAFT,), _S.OPEN, needs=("notice-sound",), sets=("need.close",)),
        Move("amend", "amended", (_S.OPEN,), _S.OPEN, needs=("reason", "something-changed"), sets=("need.close",)),
        Move("extend", "extended", (_S.OPEN,), _S.OPEN, needs=("quotes-too-few",), sets=("need.close",)),
        Move("open_quotes", "opened", (_S.OPEN,), _S.SELECTING, needs=("deadline-passed", "quotes-enough")),
        Move("award", "awarded", (_S.SELECTING,), _S.AWARDED),
        Move("reselect", "reselected", (_S.AWARDED,), _S.SELECTING, ("award-over",)),
        Move("contract", "contracted", (_S.AWARDED,), _S.CONTRACTED),
        Move("complete", "completed", (_S.CONTRACTED,), _S.COMPLETED),
        Move("fail", "failed", (_S.OPEN, _S.SELECTING, _S.AWARDED, _S.CONTRACTED), _S.FAILED),
        Move(
            "withdraw", "withdrawn", (_S.DRAFT, _S.OPEN, _S.SELECTING), _S.WITHDRAWN,
            needs=("reason",), drops=("need.close",),
        ),
    ],
)  # fmt: skip

QUESTION: Final = Lifecycle(
    "question",
    QuestionState,
    initial=_Q.ASKED,
    moves=[
        Move("answer", "answered", (_Q.ASKED,), _Q.ANSWERED, ("reply",), drops=(QUESTION_ANSWER,)),
        Move("lapse", "lapsed", (_Q.ASKED,), _Q.LAPSED, ("deadline-passed",), drops=(QUESTION_ANSWER,)),
    ],
)
