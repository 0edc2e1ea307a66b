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
    "saved-search-not-found": _l("没有找到这个订阅。"),
    "saved-search-too-wide": _l("至少填一个条件：词语、服务事项、镇街、选取方式或限价"),
    "saved-search-amounts": _l("最低限价高于最高限价，改正其中一个"),
    "saved-search-unknown": _l("从列表里选一项"),
    "saved-searches-many": _l("订阅已有 %(most)s 个，先停掉不用的"),
    "saved-search-stopped": _l("这个订阅已经停了，要再收就新建一个。"),
}

MESSAGES: Final[dict[str, LazyString]] = {
    "search-matched": _l("订阅“%(search)s”有新公告：“%(need)s”，%(until)s 截止报价"),
}
