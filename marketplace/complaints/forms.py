"""Labels, hints and order of the complaints' fields."""

from __future__ import annotations

from typing import Final

from core.forms import Item, with_choices
from core.i18n import lazy_gettext as _l
from marketplace.complaints.grounds import Grounds
from marketplace.complaints.lifecycle import ASPECTS, Remedy, Subject
from marketplace.complaints.rules import AGAINST_AGENCY
from marketplace.complaints.wording import ASPECTS as NAMES
from marketplace.complaints.wording import REMEDIES

FILE: Final = (
    Item("aspect", _l("投诉事项"), "radios"),
    Item("against", _l("被投诉的机构"), "select", hint=_l("投诉其他参与机构时选"), optional=True),
    Item("matter", _l("事实和理由"), "textarea", hint=_l("写清什么时间、谁、做了什么，至少 20 个字"), rows=6),
    Item("clause", _l("违反的条款"), hint=_l("文件名称和第几条，如“公告第三条”")),
    Item("wish", _l("希望怎样处理"), "textarea", rows=2, optional=True),
    Item("file", _l("证据"), "file", hint=_l("合法取得的材料，多份合成一个文件"), optional=True),
    Item("promised_on", _l("证据后补日期"), "date", hint=_l("到期不补，按现有材料处理"), optional=True),
    Item("contact_name", _l("联系人"), hint=_l("只有处理投诉的单位看得到"), autocomplete="name"),
    Item("contact_phone", _l("联系电话"), "tel", autocomplete="tel"),
    Item("sealed", _l("本单位确认以上内容属实，在线提交与加盖单位公章效力相同"), "checkbox"),
)  # fmt: skip
REPLY: Final = (
    Item("text", _l("答复"), "textarea", hint=_l("逐条说明情况和依据，10 到 3000 字"), rows=6),
    Item("file", _l("材料"), "file", optional=True),
)
REASON: Final = (Item("text", _l("理由"), "textarea", hint=_l("至少 10 个字"), rows=3),)
APPEAL: Final = (Item("text", _l("复核申请"), "textarea", hint=_l("写明不同意的地方和依据，10 到 3000 字"), rows=5),)
DECIDE: Final = (
    Item(
        "verdict", _l("处理决定"), "radios",
        choices=(("uphold", _l("成立")), ("uphold_partly", _l("部分成立")), ("dismiss", _l("不成立"))),
    ),
    Item("reason", _l("理由"), "textarea", hint=_l("双方都看得到；不要写个人信息"), rows=5),
    Item("clause", _l("依据的条款"), hint=_l("成立或部分成立时必填"), optional=True),
    Item("remedy", _l("怎样处理"), "radios", hint=_l("决定生效后自动办理")),
)  # fmt: skip
REVIEW: Final = (
    Item("verdict", _l("复核结论"), "radios", choices=(("confirm", _l("维持原决定")), ("overturn", _l("改变原决定")))),
    Item("reason", _l("理由"), "textarea", hint=_l("双方都看得到；不要写个人信息"), rows=5),
    Item("remedy", _l("怎样处理"), "radios", hint=_l("原决定不成立、现在改变时选")),
)


def file_layout(subject: Subject, found: Grounds, own_agency: int | None) -> list[Item]:
    """Return the fields of a filing: the aspects of its subject, and the participants where one may be named."""
    aspects = [(str(one), str(NAMES[one])) for one in ASPECTS[subject]]
    others = [(str(key), row.name) for key, row in found.participants.items() if key != own_agency]
    named = any(one in AGAINST_AGENCY for one in ASPECTS[subject]) and others
    kept = [item for item in FILE if named or item.name != "against"]
    return with_choices(kept, aspect=aspects, against=others) if named else with_choices(kept, aspect=aspects)


def with_remedies(layout: tuple[Item, ...], allowed: tuple[Remedy, ...]) -> list[Item]:
    """Return a decision's fields with the remedies there are now."""
    return with_choices(list(layout), remedy=[(str(one), str(REMEDIES[one])) for one in allowed])
