"""What axe has against a page in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

COLOURS = ("color-contrast",)
"""What can differ where only the colours of a page do."""
RUN = """
options => axe.run(options).then(found =>
  found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html)]))
"""


def axe(page: Any, *, only: Sequence[str] = ()) -> list[Any]:
    """Return each rule a page breaks, or each of these, with the first elements that do; every fold is open."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - absent where no browser is wanted

    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    return list(page.evaluate(RUN, {**options, "runOnly": list(only)} if only else options))
