"""The window desk in words: states, kinds, sides, carriers, roles, and how often somebody came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from admin.window.lifecycle import ConsentKind, ConsentState, Matter, Party, ShipmentState, Signer, VisitState
from core.i18n import lazy_gettext as _l

VISITS: Final[Mapping[VisitState, tuple[Any, str]]] = {
    VisitState.OPEN: (_l("办理中"), "warn"),
    VisitState.DONE: (_l("已办结"), "ok"),
    VisitState.CANCELLED: (_l("已作废"), "plain"),
}
CONSENTS: Final[Mapping[ConsentState, tuple[Any, str]]] = {
    ConsentState.ASKED: (_l("等来访人确认"), "warn"),
    ConsentState.GIVEN: (_l("授权有效"), "ok"),
    ConsentState.USED_UP: (_l("已用于代办"), "plain"),
    ConsentState.EXPIRED: (_l("已失效"), "plain"),
    ConsentState.WITHDRAWN: (_l("已撤回"), "plain"),
}
SHIPMENTS: Final[Mapping[ShipmentState, tuple[Any, str]]] = {
    ShipmentState.ANNOUNCED: (_l("待寄出"), "warn"),
    ShipmentState.SENT: (_l("运送中"), "info"),
    ShipmentState.SIGNED: (_l("已签收"), "ok"),
    ShipmentState.RETURNED: (_l("已退回"), "bad"),
    ShipmentState.LOST: (_l("已丢失"), "bad"),
}
KINDS: Final[Mapping[ConsentKind, Any]] = {
    ConsentKind.PAPER: _l("签字的授权书（扫描件）"),
    ConsentKind.CODE: _l("来访人登录后填验证码"),
}
PARTIES: Final[Mapping[str, Any]] = {
    Party.ENTERPRISE: _l("项目业主"),
    Party.AGENCY: _l("中介机构"),
    Party.WINDOW: _l("镇街窗口"),
}
SIGNERS: Final[Mapping[Signer, Any]] = {
    Signer.RECIPIENT: _l("收件经办人"),
    Signer.COLLEAGUE: _l("收件单位的同事"),
    Signer.RECEPTION: _l("前台或者收发室"),
    Signer.LOCKER: _l("快递柜取件"),
}
CARRIERS: Final[Mapping[str, Any]] = {
    "ems": _l("邮政（EMS）"),
    "sf": _l("顺丰"),
    "jd": _l("京东"),
    "yto": _l("圆通"),
    "zto": _l("中通"),
    "sto": _l("申通"),
    "yunda": _l("韵达"),
}
BUCKETS: Final[Mapping[str, Any]] = {
    "zero": _l("零次到窗口"),
    "one": _l("到窗口一次"),
    "more": _l("到窗口多次"),
}
MATTERS: Final[Mapping[Matter, Any]] = {
    Matter.NEED: _l("发布一份采购需求（项目业主）"),
    Matter.QUESTION: _l("就一份公告提问或者答复提问"),
    Matter.COMPLAINT: _l("就一份公告提出投诉"),
    Matter.RECEIPT: _l("验收一份成果（项目业主）"),
    Matter.QUALIFICATION: _l("登记一份资质（中介机构）"),
    Matter.REGISTRATION: _l("提交入驻材料（中介机构）"),
    Matter.PRICE: _l("公示一项价格（中介机构）"),
}
SEALED: Final = _l(
    "报价、签署合同和评价不代办：代办报价就有人在开启前看到密封的价格；合同由本单位自己签署；评价是本单位自己的意见。"
)
