"""What the search room says no with, in sentences."""

from __future__ import annotations

from typing import Final

from flask_babel.speaklater import LazyString

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, LazyString]] = {
    "query-too-long": _l("搜索的话最多 %(most)s 个字，现有 %(given)s 个。删去一些再搜。"),
    "query-too-many-words": _l("一次最多搜 %(most)s 个词，现有 %(given)s 个。删去一些再搜。"),
    "query-wildcard": _l("星号只能放在词尾，前面至少 %(least)s 个字。写全一些再搜。"),
    "search-index-lost": _l("搜索索引暂时用不了，正在重建。"),
    "search-index-busy": _l("搜索索引正在重建，稍后自动补上。"),
}
