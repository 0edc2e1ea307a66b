"""What accounts say no with, and what they tell organisations."""

from __future__ import annotations

from typing import Any, Final

from accounts.telling import BY_PHONE_TOO, Reader, Telling
from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "credentials-wrong": _l("手机号、邮箱或密码不对。检查后再试，或用邮件设置新密码。"),
    "sign-in-waits": _l("登录失败次数多，%(seconds)s 秒后再试。忘了密码可以用邮件设置新密码。"),
    "sign-in-stopped": _l("连续失败太多，这个账号已停止用密码登录。用邮件设置新密码后再登录。"),
    "sign-in-ended": _l("这次登录已经结束，重新登录再办。"),
    "code-wrong": _l("动态验证码不对或已用过。等手机上换成下一组 6 位数字再填。"),
    "code-waits": _l("动态验证码错得太多，%(seconds)s 秒后再试。"),
    "second-factor-set": _l("动态验证码已经设置过。"),
    "second-factor-missing": _l("还没有设置动态验证码，先设置。"),
    "second-factor-staff": _l("工作人员账号必须保留动态验证码。"),
    "second-factor-of-another": _l("动态验证码要由本单位另一位已通过验证的管理员清除。"),
    "password-short": _l("密码至少 %(least)s 个字，现在 %(count)s 个"),
    "password-long": _l("密码最多 %(most)s 个字，现在 %(count)s 个"),
    "password-guessable": _l("这个密码太容易猜到，换一个别处没用过的"),
    "password-wrong": _l("当前密码不对，再填一次"),
    "password-waits": _l("当前密码错得太多，%(seconds)s 秒后再试。"),
    "reset-over": _l("这个设置密码的网址已用过或已过期。回到“忘了密码”再申请一次。"),
    "reset-waits": _l("申请太频繁，过一会儿再试。已经寄出的邮件仍然有效。"),
    "sign-up-waits": _l("这个网络上的注册太频繁，过一会儿再试。"),
    "terms-not-agreed": _l("勾选同意服务条款和隐私说明后再注册"),
    "town-unknown": _l("从列表里选镇街或园区"),
    "credit-code": _l("代码第 18 位与前面对不上，对照营业执照再填一次"),
    "organisation-known": _l("这个统一社会信用代码已经注册。联系本单位管理员把您加进来，或直接登录。"),
    "organisation-not-found": _l("没有找到这个单位，或您没有代表任何单位。"),
    "mobile-number": _l("手机号是 11 位数字，以 1 开头"),
    "mobile-taken": _l("这个手机号已经注册，直接登录或换一个"),
    "email-taken": _l("这个邮箱已经注册，直接登录或换一个"),
    "unreachable": _l("至少填手机号或邮箱中的一项"),
    "person-not-found": _l("没有找到这个人。"),
    "member-already": _l("这个人已经可以代表本单位办事，不用再加"),
    "membership-not-found": _l("没有找到这项授权。"),
    "membership-ended": _l("这项授权已经结束。"),
    "last-manager": _l("单位至少要有一位管理员。先添加另一位管理员，再结束这项授权。"),
    "not-a-member": _l("您现在不能代表这个单位办事。换一个单位，或联系它的管理员。"),
    "term-reversed": _l("授权止期早于起期，改正日期"),
    "term-over": _l("授权止期已经过去，改成今天或以后的日期"),
    "scopes-missing": _l("至少勾选一项权限"),
    "days-range": _l("有效期填 1 到 %(most)s 天"),
    "tokens-many": _l("有效的访问令牌已有 %(most)s 个，先撤销不用的"),
    "token-not-found": _l("没有找到这个访问令牌。"),
    "token-over": _l("这个访问令牌已经撤销。"),
    "message-not-found": _l("没有找到这条消息。"),
    "channel-unknown": _l("从列表里选渠道"),
    "preference-unknown": _l("从列表里选一项"),
    "quiet-range": _l("从列表里选时间"),
    "stop-unknown": _l("这个停发网址不完整，从邮件里重新打开，或登录后在通知设置里改。"),
    "webhook-address": _l("网址写成 https://主机名/路径 的样子，不带用户名和密码"),
    "webhook-not-secure": _l("网址以 https:// 开头，消息加密传送"),
    "webhook-inside": _l("这个地址在内部网络里，不能推送。换一个能从互联网访问的地址"),
    "webhook-not-set": _l("还没有设置接收地址。"),
    "calendar-unknown": _l("这个日历网址已换掉或停用。登录后在通知设置里重新取一个。"),
    "draft-too-large": _l("内容太多，没有存成草稿。直接提交，或分几次填写。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "organisation-welcome": _l("欢迎使用中介服务网上超市。单位资料已建好，可以办事了"),
    "membership-began": _l("%(role)s已加入，可以代表贵单位办事"),
    "membership-ended": _l("一项授权已由管理员结束"),
    "notice-tried": _l("这是一条试发的通知，收到就说明这条路是通的"),
}

TELLINGS: Final = (
    Telling("organisation-welcome", "organisation.signed-up", Reader.ORGANISATION),
    Telling("membership-began", "membership.began", Reader.ORGANISATION),
    Telling("membership-ended", "membership.ended", Reader.ORGANISATION),
    Telling("notice-tried", "notice.tried", Reader.SEEKER, urgent=True, channels=BY_PHONE_TOO),
)
