"""What needs tell other rooms, and the deadline they set."""

from __future__ import annotations

from typing import Final

PUBLISHED: Final = "need.published"
OPENED: Final = "need.opened"
FAILED: Final = "need.failed"
AMENDED: Final = "need.amended"
EXTENDED: Final = "need.extended"
WITHDRAWN: Final = "need.withdrawn"
QUESTION_ASKED: Final = "need.question-asked"
QUESTION_ANSWERED: Final = "need.question-answered"
DEADLINE_MOVED: Final = "need.deadline-moved"
CLOSE: Final = "need.close"
"""The deadline kind at which quotes are opened."""
