"""Labels, hints and order of the catalogue's fields."""

from __future__ import annotations

from typing import Final

from core.forms import Item
from core.i18n import lazy_gettext as _l

SWITCH: Final = (
    Item("code", _l("选取方式"), "select"),
    Item("fund", _l("资金性质"), "radios", choices=(("social", _l("社会资金")), ("fiscal", _l("财政资金")))),
    Item("setting", _l("从今天起"), "radios", choices=(("on", _l("开放")), ("off", _l("关闭")))),
    Item(
        "basis", _l("依据"), "textarea", rows=3,
        hint=_l("文件名称、文号和条款。公开显示在选取方式一览里，也写进审计记录。"),
    ),
)  # fmt: skip
