"""What a result says in words: kinds, filters, chips, reasons, and what gave way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final

from agencies.catalogue import reference, wording
from agencies.registration.cards import grade_name, town_name
from core.i18n import current_lang
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.money import WAN, YI, Money
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.wording import STATES
from search import lexicon
from search.answering import MOST_BESIDE
from search.backend import Dimension, Relaxed, Results, Sort, Why
from search.documents import Kind
from search.faceting import read_band
from search.plan import Chip, ChipKind, PriceBand
from search.queries import LIFTS, MANY_CONTRACTS
from search.vocabulary import Via

KINDS: Final = {
    Kind.ITEM: _l("服务事项"),
    Kind.AGENCY: _l("中介机构"),
    Kind.NOTICE: _l("公告"),
    Kind.SCHEDULE: _l("收费标准"),
    Kind.GUIDE: _l("办事指南"),
    Kind.ANSWER: _l("问答"),
}
DIMENSIONS: Final = {
    Dimension.KIND: _l("类别"),
    Dimension.TOWN: _l("镇街"),
    Dimension.ITEM: _l("服务事项"),
    Dimension.STAGE: _l("审批阶段"),
    Dimension.GRADE: _l("信用等级"),
    Dimension.STATE: _l("公告进度"),
    Dimension.PRICE: _l("价格"),
    Dimension.ON_TIME: _l("准时交付"),
    Dimension.RATING: _l("评分"),
    Dimension.CHIPS: _l("从搜索词认出的条件"),
}
SORTS: Final = {
    Sort.RELEVANCE: _l("综合"),
    Sort.NEWEST: _l("最新"),
    Sort.CLOSING: _l("快截止"),
    Sort.PRICE: _l("价格"),
    Sort.ON_TIME: _l("准时率"),
    Sort.RATING: _l("评分"),
}
SORT_RULES: Final = {
    Sort.RELEVANCE: _l("综合：先看文字有多相符，再按评分的可信下限和近期业绩略作加分；不收费排位。"),
    Sort.NEWEST: _l("按发布或入驻的时间，新的在前。"),
    Sort.CLOSING: _l("报价中的公告按截止时间排，先截止的在前。"),
    Sort.PRICE: _l("按公示收费或公告限价从低到高排；没有金额的在后。"),
    Sort.ON_TIME: _l("按准时率从高到低排；数量不足、不计比率的在后。"),
    Sort.RATING: _l("按评分的可信下限从高到低排，不是按平均分。"),
}
RELAXED: Final = {
    Relaxed.MEANT: _l("没有同时含有全部词的结果，下面是您说的可能要办的服务。"),
    Relaxed.CONDITIONS: _l("没有符合从搜索词认出的条件的结果，下面是不看这些条件的结果。"),
    Relaxed.SOME_WORDS: _l("没有同时含有全部词的结果，下面的结果含有其中一些词。"),
    Relaxed.SIMILAR: _l("没有含有这些词的结果，下面的结果字面相近。"),
    Relaxed.SOUND: _l("没有含有这些词的结果，下面的结果读音相近。"),
}
PLACES: Final = {
    "title": _l("名称"),
    "names": _l("别名"),
    "about": _l("相关事项"),
    "body": _l("正文"),
    "codes": _l("编号"),
    "pinyin": _l("拼音"),
}


def stage_name(code: str) -> str:
    """Return an approval stage's name."""
    return next((wording.named(one) for one in reference.stages() if one.code == code), code)


def state_name(state: str) -> str:
    """Return where a notice stands, in words."""
    return str(STATES[NeedState(state)][0]) if state in set(NeedState) else state


def amount(fen: int) -> str:
    """Write a round amount shortly: 3,200 万元, 5,000 元."""
    yuan = Money(fen).yuan
    if current_lang() == "en":  # which counts in neither 万 nor 亿
        return _("%(amount)s 元", amount=_short(yuan))
    if yuan >= YI:
        return _("%(amount)s 亿元", amount=_short(yuan / YI))
    if yuan >= WAN:
        return _("%(amount)s 万元", amount=_short(yuan / WAN))
    return _("%(amount)s 元", amount=_short(yuan))


def _short(number: Decimal) -> str:
    """Write a number with two decimals at most, and none that are zero."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def band(value: PriceBand) -> str:
    """Name a price band."""
    low, high = value
    if low is None and high is None:
        return _("不限")
    if low is None:
        return _("%(amount)s以下", amount=amount(high or 0))
    if high is None:
        return _("%(amount)s以上", amount=amount(low))
    return _("%(low)s至%(high)s", low=amount(low), high=amount(high))


def value_name(dimension: Dimension, value: str) -> str:
    """Name a value of a dimension, as filters and chips show it."""
    if dimension is Dimension.PRICE:
        return band(read_band(value) or (None, None))
    if dimension in (Dimension.ON_TIME, Dimension.RATING):
        return share_name(dimension, float(value))
    names: Mapping[Dimension, Callable[[str], str]] = {
        Dimension.TOWN: town_name,
        Dimension.ITEM: wording.item_name,
        Dimension.STAGE: stage_name,
        Dimension.GRADE: grade_name,
        Dimension.STATE: state_name,
        Dimension.KIND: lambda kind: str(KINDS[Kind(kind)]),
    }
    return names[dimension](value)


def share_name(dimension: Dimension, least: float) -> str:
    """Name a least share: of deliveries in time, or of five stars."""
    if dimension is Dimension.RATING:
        return _("评分下限 %(stars)s 以上", stars=f"{least * 5:.1f}")
    return _("准时率 %(percent)s%% 以上", percent=f"{least * 100:.0f}")


_VALUED: Final = {
    ChipKind.STAGE: Dimension.STAGE,
    ChipKind.KIND: Dimension.KIND,
    ChipKind.STATE: Dimension.STATE,
}


def chip_name(chip: Chip) -> str:
    """Say what was recognised in the line."""
    if chip.kind is ChipKind.TOWN:
        return _("镇街：%(name)s", name=town_name(chip.value))
    if chip.kind is ChipKind.AMOUNT:
        return _("项目投资额：%(amount)s", amount=amount(int(chip.value)))
    if chip.kind is ChipKind.PRICE:
        return _("价格：%(band)s", band=chip.text)
    if (dimension := _VALUED.get(chip.kind)) is not None:
        label, name = str(DIMENSIONS[dimension]), value_name(dimension, chip.value)
        return _("%(label)s：%(name)s", label=label, name=name)
    sentences: Mapping[ChipKind, str] = {
        ChipKind.DAY: _("时间：%(text)s", text=chip.text),
        ChipKind.ON_TIME: _("准时率 %(percent)s%% 以上", percent=chip.value),
        ChipKind.DOCUMENT: _("文号：%(text)s", text=chip.text),
        ChipKind.NUMBER: _("编号：%(text)s", text=chip.text),
    }
    return sentences[chip.kind]


def reason(why: Why) -> str:
    """Say why a document is there."""
    place = str(PLACES[why.where])
    if why.via is Via.CODE:
        return _("编号与“%(typed)s”相符", typed=why.typed)
    if why.where == "pinyin":
        return _("名称的拼音含“%(typed)s”", typed=why.typed)
    if why.via is Via.TYPED:
        return _("%(place)s含“%(found)s”", place=place, found=why.found)
    sentences: Mapping[Via, str] = {
        Via.SYNONYM: _("%(place)s含“%(found)s”，与“%(typed)s”同义", place=place, found=why.found, typed=why.typed),
        Via.NARROWER: _("%(place)s含“%(found)s”，属于“%(typed)s”", place=place, found=why.found, typed=why.typed),
        Via.BROADER: _("%(place)s含“%(found)s”，其中有“%(typed)s”", place=place, found=why.found, typed=why.typed),
        Via.PINYIN: _("%(place)s含“%(found)s”，拼音是“%(typed)s”", place=place, found=why.found, typed=why.typed),
        Via.SAID: _("%(place)s含“%(found)s”，“%(typed)s”说的就是它", place=place, found=why.found, typed=why.typed),
        Via.ENGLISH: _("%(place)s含“%(found)s”，即“%(typed)s”", place=place, found=why.found, typed=why.typed),
    }
    return sentences[why.via]


def reasons(found: Iterable[Why]) -> str:
    """Say in one line why a document is there; nothing when no word was searched."""
    said = [reason(one) for one in found]
    return _("为什么有它：%(reasons)s", reasons=_("；").join(said)) if said else ""


def relevance_rules() -> list[str]:
    """Say how the usual order comes about, with the figures the index uses."""
    percent = {name: round(100 * value) for name, value in LIFTS.items()}
    return [
        _("先看文字有多相符：名称里的词重于别名，别名重于相关事项，相关事项重于正文；同义词、拼音比原词轻。"),
        _("全部文字相符的在前；只含所问服务、不含修饰词的在后。"),
        _("没有含全部词的结果时，按日常说法判断要办的是哪项服务，并说明依据。"),
        _("问多少钱、怎么收费的，收费标准提前。"),
        _("所说镇街的不足 %(count)s 条时，后面另列其他镇街的，机构在先。", count=MOST_BESIDE),
        _("机构按评分的可信下限加分，最多 %(percent)s%%；没有评分的按轮换加分。", percent=percent["standing"]),
        _("机构按已完成合同加分，满 %(count)s 份为 %(percent)s%%。", count=MANY_CONTRACTS, percent=percent["activity"]),
        _(
            "正在报价的公告加 %(percent)s%%，服务事项加 %(items)s%%。",
            percent=percent["open"],
            items=percent["catalogue"],
        ),
        _("其余什么都不看：付费、点击、关系都不影响位次。"),
    ]


def synonym_rows() -> list[dict[str, str]]:
    """Return the groups of synonyms as the page lists them."""
    return [
        {
            "term": group.term,
            "same": _("、").join(group.same),
            "narrower": _("、").join(group.narrower),
            "basis": _("行业说法") if group.basis == "trade" else group.basis,
        }
        for group in lexicon.synonyms()
    ]


def gave_way(results: Results) -> str:
    """Say what was searched instead of what was typed; nothing when nothing gave way."""
    if results.relaxed is Relaxed.SPELLING:
        return _("没有找到原词，已按“%(text)s”搜索。", text=results.corrected)
    return str(RELAXED[results.relaxed]) if results.relaxed in RELAXED else ""


def missing(results: Results) -> str:
    """Say what to do where nothing was found; a number is named, since one digit may be wrong."""
    number = next((chip.text for chip in results.chips if chip.kind is ChipKind.NUMBER), None)
    if number is not None:
        return _("没有编号“%(number)s”。核对一下编号，或从下面选一条路继续。", number=number)
    return _("换个说法，或从下面选一条路继续。")


def counted(label: str, count: int) -> str:
    """Write a tab's label with its count."""
    return _("%(label)s %(count)s", label=label, count=count)


def all_kinds(count: int) -> str:
    """Write the label of the tab that shows every kind."""
    return _("全部 %(count)s", count=count)


def offer(dimension: Dimension, count: int) -> str:
    """Say what leaving a filter out would bring."""
    return _("去掉“%(name)s”，有 %(count)s 条", name=str(DIMENSIONS[dimension]), count=count)


def without_filters() -> str:
    """Say that all filters are left out."""
    return _("去掉全部条件再搜")


def elsewhere() -> list[tuple[str, str]]:
    """Return where a reader may look when a search finds nothing."""
    return [
        (_("按审批阶段看服务目录"), "/services"),
        (_("看全部机构"), "/agencies"),
        (_("看公告"), "/needs"),
        (_("看收费标准"), "/fees"),
    ]
