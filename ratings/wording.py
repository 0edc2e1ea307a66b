"""The words of ratings: dimensions, their named steps, tags, reasons to remove."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l
from ratings.lifecycle import RemovalReason, Side

DIMENSIONS: Final[dict[Side, tuple[tuple[Any, tuple[Any, ...]], ...]]] = {
    Side.ENTERPRISE: (
        (_l("质量"), (_l("不能用"), _l("要大改"), _l("小改后能用"), _l("能直接用"), _l("超出约定"))),
        (_l("时效"), (_l("严重拖延"), _l("晚了"), _l("基本按时"), _l("按时"), _l("明显提前"))),
        (_l("态度"), (_l("找不到人"), _l("要反复催"), _l("有问有答"), _l("主动沟通"), _l("处处想在前面"))),
        (_l("收费"), (_l("乱加钱"), _l("有说不清的费用"), _l("与合同一致"), _l("明细清楚"), _l("主动省钱"))),
        (_l("规范"), (_l("不合规程"), _l("缺漏较多"), _l("合乎规程"), _l("严谨"), _l("可作范本"))),
    ),
    Side.AGENCY: (
        (_l("需求清楚"), (_l("说不清要什么"), _l("中途多次变"), _l("大体清楚"), _l("清楚"), _l("材料齐、要求明"))),
        (_l("配合"), (_l("不配合"), _l("要反复催"), _l("能配合"), _l("配合及时"), _l("主动协调各方"))),
        (_l("付款"), (_l("拒付或严重拖欠"), _l("晚付"), _l("基本按时"), _l("按时"), _l("提前付清"))),
        (_l("公平"), (_l("要求违规结论"), _l("附加合同外的事"), _l("讲道理"), _l("公道"), _l("充分尊重专业判断"))),
        (_l("沟通"), (_l("联系不上"), _l("回复很慢"), _l("能联系上"), _l("回复及时"), _l("一次说清"))),
    ),
}

TAGS: Final[dict[Side, dict[str, Any]]] = {
    Side.ENTERPRISE: {
        "clear": _l("讲解清楚"),
        "early": _l("提前交付"),
        "passed-once": _l("一次过审"),
        "saved": _l("帮着省钱"),
        "rework": _l("返工多"),
        "extra-charge": _l("另外收费"),
        "hard-to-reach": _l("难联系"),
    },
    Side.AGENCY: {
        "ready": _l("资料齐全"),
        "prompt": _l("决定快"),
        "paid-early": _l("付款快"),
        "changes": _l("需求常变"),
        "paid-late": _l("付款慢"),
    },
}

REMOVALS: Final[dict[RemovalReason, Any]] = {
    RemovalReason.PERSONAL_DATA: _l("写出了个人信息（只移除文字，分数保留）"),
    RemovalReason.ABUSE: _l("辱骂或诽谤的文字（只移除文字，分数保留）"),
    RemovalReason.OTHER_CONTRACT: _l("说的不是这份合同"),
    RemovalReason.RELATED_PARTIES: _l("查实双方有关联或互相刷评价"),
    RemovalReason.RULING: _l("有生效的裁判、决定要求移除"),
}

PARTS: Final[dict[str, Any]] = {
    "ratings": _l("业主评价"),
    "first_pass": _l("成果一次通过"),
    "on_time": _l("按时交付"),
    "price": _l("价格守约"),
}


def dimension_names(side: Side) -> list[Any]:
    """Return the names of a side's five dimensions, in order."""
    return [name for name, _steps in DIMENSIONS[side]]


def tag_names(side: Side, codes: list[str]) -> list[Any]:
    """Return the words of tags; a code no longer in use is left out."""
    return [TAGS[side][code] for code in codes if code in TAGS[side]]
