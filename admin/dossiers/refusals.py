"""What dossiers refuse with, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "dossier-too-early": _l("成果验收或合同终止以后才能下载归档包"),
}
