"""Refusals drawn in the reader's language: problem details (RFC 9457) for the API, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from accounts.drafts import keep_typed
from accounts.refusing import sentence
from core import errors
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from web.arguments import told

log = logging.getLogger(__name__)
STATUS: Final[dict[type[errors.DomainError], int]] = {
    errors.NotFound: 404,
    errors.SignInRequired: 401,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
SENTENCES: Final[dict[str, Any]] = {
    "sign-in-required": _l("这一步要先登录。"),
    "token-ended": _l("访问令牌已到期、已撤销或抄错。换一个有效的令牌再试。"),
    "not-allowed": _l("您的账号不能办这一步。换一个有权限的账号，或联系单位管理员。"),
    "second-factor-required": _l("先设置并通过动态验证码，再办这一步。"),
    "scope-missing": _l("这个访问令牌没有“%(scope)s”权限。新建一个带这项权限的令牌。"),
    "wrong-state": _l("现在的状态不能办这一步。刷新页面看看最新进展。"),
    "changed-meanwhile": _l("他人已改过这份内容。刷新页面看看最新内容再办。"),
    "constraint": _l("这一步已经办过，或与已有记录冲突。刷新页面看看最新内容。"),
    "file-type": _l("“%(name)s”打不开。另存为 PDF、图片、Word 或 Excel 再上传。"),
    "file-empty": _l("“%(name)s”是空文件。重新选择文件。"),
    "file-too-large": _l("“%(name)s”超过上限 %(most)s MB。压缩后上传，或分成两个文件。"),
    "file-lost": _l("文件暂时找不到，拨 12345 让工作人员处理。"),
    "not-found": _l("没有找到这一页。检查网址，或从首页搜索。"),
    "method-not-allowed": _l("这个网址不支持这种操作。"),
    "csrf": _l("页面停留太久，表单已过期。您填的内容还在，再提交一次。"),
    "too-many-requests": _l("操作太频繁，稍后再试。"),
    "server-error": _l("系统正忙，这一步没有办成。稍后再试，或拨 12345。"),
    "bad-request": _l("请求读不懂。检查填写的内容再试。"),
    "idempotency-conflict": _l("同一个 Idempotency-Key 用在了不同的内容上。换一个新的再提交。"),
    "idempotency-in-flight": _l("同一个请求正在处理，稍后再看结果。"),
    "request-too-large": _l("提交的内容太大。减少内容或压缩文件再试。"),
}
FIRST_ERROR: Final = 400
UNPROCESSABLE: Final = 422
SERVER_FAULT: Final = 500
TITLES: Final = {
    400: _l("请求读不懂"),
    401: _l("要先登录"),
    403: _l("这一步不能办"),
    404: _l("没有找到"),
    405: _l("不支持的操作"),
    409: _l("状态已变"),
    413: _l("内容太大"),
    422: _l("有内容要改"),
    429: _l("操作太频繁"),
    500: _l("系统正忙"),
    503: _l("暂时不可用"),
}
HTTP_CODES: Final = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "request-too-large",
    429: "too-many-requests",
}


def wants_json() -> bool:
    """Say whether the caller is a program."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and request.accept_mimetypes[best] > request.accept_mimetypes["text/html"]


def install(app: Flask) -> None:
    """Wire the handlers."""
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)


def draw(status: int, code: str, text: str, facts: Mapping[str, Any] | None = None) -> AnyResponse:
    """Draw a refusal as problem details or as a page."""
    if wants_json():
        body = {"type": f"/problems/{code}", "title": text, "status": status, "code": code, "instance": request.path}
        body["request_id"] = getattr(g, "request_id", "")
        body.update({key: value for key, value in _plain(facts or {}).items() if key not in body})
        response = jsonify(body)
        response.mimetype = "application/problem+json"
    else:
        page = render_template(
            "errors/page.html",
            title=str(TITLES.get(status, TITLES[500])),
            happened=text,
            reference=getattr(g, "request_id", ""),
            actions=[(str(_("回上一页")), _local(request.referrer or "/")), (str(_("看公告")), "/needs")],
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, int | float | str | bool | list | dict) else str(value)
        for key, value in facts.items()
    }


def _domain(error: errors.DomainError) -> AnyResponse:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    text = sentence(error)
    if not wants_json():
        if isinstance(error, errors.SignInRequired):
            return _to_sign_in(text)
        if error.code == "second-factor-required":
            flash(text, "warn")
            return redirect(url_for("accounts.totp", next=request.full_path.rstrip("?")), 303)
    response = draw(status, error.code, text, error.facts)
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(int(error.facts["retry_after"]))
    if status == STATUS[errors.SignInRequired]:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _to_sign_in(text: str) -> AnyResponse:
    """Send to sign-in and back; what was typed is kept and put back afterwards."""
    flash(text, "warn")
    back = request.full_path.rstrip("?") if request.method == "GET" else (request.referrer or "/")
    kept = keep_typed(request.form) if request.method == "POST" and request.form else None
    return redirect(url_for("accounts.sign_in", next=_local(back), kept=kept), 303)


def _local(url: str) -> str:
    return "/" + url.split("://", 1)[-1].partition("/")[2] if "://" in url else url


def _csrf(_error: CSRFError) -> AnyResponse:
    return draw(403, "csrf", str(SENTENCES["csrf"]))


def _http(error: HTTPException) -> AnyResponse:
    if error.code is not None and error.code < FIRST_ERROR:
        return error.get_response()
    status = error.code or 500
    code = HTTP_CODES.get(status, "server-error" if status >= SERVER_FAULT else "bad-request")
    facts = {"errors": told(error.data["messages"])} if status == UNPROCESSABLE and hasattr(error, "data") else {}
    text = _("有内容要改。") if status == UNPROCESSABLE else str(SENTENCES[code])
    response = draw(status, "invalid" if status == UNPROCESSABLE else code, text, facts)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _crash(error: Exception) -> AnyResponse:
    log.error("request failed", exc_info=error, extra={"path": request.path})
    return draw(500, "server-error", str(SENTENCES["server-error"]))
