"""What both faces of projects load for their gates."""

from __future__ import annotations

from core.work import Work
from marketplace.projects import queries
from marketplace.projects.models import PlanEntry, Project


def project_of(work: Work, project_id: int) -> Project:
    """Load the project of an address for its gate. Raises NotFound."""
    return queries.project_by_id(work, project_id)


def entry_of(work: Work, entry_id: int) -> PlanEntry:
    """Load the plan's entry of an address for its gate. Raises NotFound."""
    return queries.entry_by_id(work, entry_id)
