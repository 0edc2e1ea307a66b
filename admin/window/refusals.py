"""What the window desk refuses with and tells, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "visit-not-found": _l("没有找到这次来访。"),
    "consent-not-found": _l("没有找到这份授权。"),
    "shipment-not-found": _l("没有找到这件寄送。"),
    "visit-filed": _l("这次来访已经代办，不能作废，改为办结。"),
    "window-town-missing": _l("本单位没有登记镇街，不能受理来访。"),
    "enterprise-unknown": _l("没有名称或者代码是“%(name)s”的企业。核对一遍，或者先替来访企业登记。"),
    "enterprise-ambiguous": _l("有 %(count)s 家企业叫“%(name)s”，改填统一社会信用代码。"),
    "enterprise-other-town": _l("这家企业登记在别的镇街，请到所在镇街的窗口办。"),
    "window-need-unknown": _l("这家企业没有编号为“%(number)s”的公告。"),
    "window-item-missing": _l("代办采购需求要写明是哪项服务：从列表里选。"),
    "window-item-unknown": _l("没有编号为“%(item)s”的服务事项。"),
    "consent-until": _l("授权截止日要在今天或者以后，最迟 %(latest)s。"),
    "consent-scan-missing": _l("上传签字授权书的扫描件。"),
    "consent-code-wrong": _l("验证码不对，照窗口屏幕上的 6 位数字再填一次。"),
    "consent-tries": _l("填错的次数太多，请窗口重新发起授权。"),
    "consent-over": _l("授权已经到期，请来访企业重新授权。"),
    "consent-names-other": _l("授权里写的是另一项服务，不能代办这一项。"),
    "consent-covers-none": _l("至少勾选一件可以代办的事。"),
    "consent-covers-kind": _l(
        "项目业主可以委托发布采购需求、答复提问、投诉、验收成果；中介机构可以委托提交入驻材料、登记资质、公示价格、提问、投诉。"
    ),
    "consent-covers-not": _l("授权里没有这件事，或者已经代办过一次。请来访企业重新授权。"),
    "consent-scan-gone": _l("授权书扫描件保存期满，已删除；它的哈希留在存证记录里。"),
    "window-complaint-need": _l("这次来访没有关联公告。先登记关于哪份公告，再代办投诉。"),
    "window-question-need": _l("这次来访没有关联公告。先登记关于哪份公告，再代办提问或者答复。"),
    "window-question-none": _l("这份公告没有等答复的提问。"),
    "window-receipt-none": _l("这次来访关联的公告没有等验收的成果。"),
    "window-handling-none": _l("项目业主可以投诉的是处理：这份公告没有已经处理完的投诉。"),
    "window-reason": _l("写明原因，至少 %(least)s 个字。"),
    "carrier-unknown": _l("从列表里选快递公司。"),
    "tracking-shape": _l("运单号和所选快递公司的格式对不上，照面单再填一次。"),
    "tracking-known": _l("这个运单号已经登记过。"),
    "signature-time": _l("签收时间要在寄出以后、现在以前。"),
    "receiver-missing": _l("收件方还没有：本项目没有选定机构，或者镇街没有窗口。"),
    "receiver-self": _l("不能寄给本单位。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "window-consent-asked": _l("%(window)s请您确认代办授权：打开后填窗口屏幕上的 6 位数字。"),
    "window-consent-given": _l("来访企业已经确认代办授权，可以代办了。"),
    "window-consent-recorded": _l("%(window)s登记了您签字的代办授权，可以随时撤回。"),
    "window-consent-withdrawn": _l("来访企业撤回了代办授权。"),
    "window-filed": _l("%(window)s按您的授权代办发布了“%(need)s”，回执可以下载。"),
    "window-complained": _l("%(window)s按您的授权代为提交了投诉 %(number)s，回执可以下载。"),
    "window-registered": _l("%(window)s按您的授权代为登记了资质（编号尾号 %(number)s），等核对，回执可以下载。"),
    "window-asked": _l("%(window)s按您的授权代为公开提问（“%(need)s”），回执可以下载。"),
    "window-answered": _l("%(window)s按您的授权代为答复了提问（“%(need)s”），回执可以下载。"),
    "window-received": _l("%(window)s按您的授权代为验收了成果（“%(need)s”），回执可以下载。"),
    "window-handed-in": _l("%(window)s按您的授权代为提交了入驻材料，回执可以下载。"),
    "window-priced": _l("%(window)s按您的授权代为公示了价格（%(item)s），回执可以下载。"),
    "shipment-unsigned": _l("寄给您的材料还没有登记签收：%(content)s。收到的登记签收，没收到的联系寄件方。"),
    "shipment-unsigned-sender": _l("寄出的材料还没有人签收：%(content)s，可以向快递公司查询。"),
    "shipment-sent": _l("有一件材料寄给您：%(content)s，收到后登记签收。"),
    "shipment-signed": _l("寄出的材料已签收：%(content)s。"),
    "shipment-returned": _l("寄送的材料退回了：%(content)s。"),
    "shipment-lost": _l("寄送的材料丢失了：%(content)s，请重新寄送。"),
}
