"""Pages that check a paper: by code or QR code to what was issued, as HTML and as PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from accounts.gate import public, reading
from agencies.fees.sheet import SHEET
from core import papers
from core.errors import NotFound
from core.forms import blank_form
from core.i18n import gettext as _
from core.papers import IssuedPaper
from core.work import Work
from marketplace.contracts import documents, forms, queries, wording
from marketplace.contracts.pages import pages
from marketplace.contracts.permissions import POLICY
from marketplace.selection import letters

OPEN_KINDS: Final = (letters.NOTICE, letters.LETTER, letters.RESULT, SHEET, "fee_bulletin", "window_receipt")


@pages.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Ask for a code, or show what was issued under it."""
    typed = request.args.get("code", "").strip()
    with reading() as work:
        paper = papers.find(work.session, typed) if typed else None
        wrong = bool(typed) and paper is None
        form = blank_form(forms.VERIFY, {"code": typed})
        if wrong:
            form.refuse("code", _("没有签发过核验码 %(code)s 的文件，对照纸面再输一次", code=typed))
        page = render_template(
            "contracts/verify.html",
            form=form,
            paper=paper,
            kind=wording.paper_name(paper.kind) if paper is not None else "",
            may_read=paper is not None and may_read(work, paper),
        )
    return page, 404 if wrong else 200


@pages.get("/papers/<code>")
@public
def paper(code: str) -> ResponseReturnValue:
    """Show a paper as a page; one that only its parties may read shows what the public may see."""
    with reading() as work:
        found = _paper(work, code)
        if not may_read(work, found):
            return redirect(url_for("contracts.verify", code=found.code), 303)
    address = check_url(found.code)
    picture = Markup(papers.qr_svg(address))  # noqa: S704 - drawn by us, of an address we built
    return render_template("contracts/paper.html", paper=found, data=found.data, qr=picture, address=address)


@pages.get("/papers/<code>.pdf")
@public
def paper_pdf(code: str) -> ResponseReturnValue:
    """Hand out a paper as PDF."""
    with reading() as work:
        found = _paper(work, code)
        if not may_read(work, found):
            return redirect(url_for("contracts.verify", code=found.code), 303)
    return pdf_of(found)


def pdf_of(found: IssuedPaper) -> Response:
    """Draw an issued paper with its verification."""
    pdf = papers.render_pdf(found.template, found.data, papers.verification(found, check_url(found.code)))
    return send_file(BytesIO(pdf), mimetype="application/pdf", download_name=f"{found.code}.pdf", max_age=0)


def may_read(work: Work, found: IssuedPaper) -> bool:
    """Say whether this reader may read the whole paper: award papers and fee sheets are for whoever holds the code."""
    if found.kind in OPEN_KINDS:
        return True
    if found.kind == documents.CONTRACT_PAPER:
        return work.allows(POLICY, "contract:text", queries.contract_by_id(work.session, found.object_id))
    contract_id = documents.contract_of_paper(work.session, found)
    return contract_id is not None and work.allows(
        POLICY, "contract:text", queries.contract_by_id(work.session, contract_id)
    )


def check_url(code: str) -> str:
    """Return the whole address that checks a code."""
    return url_for("contracts.verify", code=code, _external=True)


def _paper(work: Work, code: str) -> IssuedPaper:
    found = papers.find(work.session, code)
    if found is None:
        raise NotFound("paper-not-found", typed=code)
    return found
