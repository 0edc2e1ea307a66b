"""A dossier holds what a purchase left, and every hash in it can be checked from the file alone."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from typing import Any

import pytest
from flask import Flask

from admin.dossiers import book, service
from core import papers
from core.access import Actor
from core.errors import Conflict, Forbidden
from core.money import Money
from marketplace.contracts.rules import PaidLine
from tests.browser import page, post
from tests.marketplace.contracts.deal import accepted, settle, signed
from tests.marketplace.selection.world import Market


def made(market: Market, actor: Actor, contract_id: int) -> dict[str, bytes]:
    with market.works.writing(actor) as work:
        found = service.make(work, contract_id, "https://example.org/verify?code={}".format)
        with found.stream as stream:
            archive = zipfile.ZipFile(io.BytesIO(stream.read()))
    return {name: archive.read(name) for name in archive.namelist()}


def checked(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Check every line of the list against its file; every file but the list itself is listed."""
    lines = [line.split("  ", 1) for line in parts["SHA256SUMS"].decode().splitlines()]
    listed = {name: digest for digest, name in lines}
    assert set(listed) == set(parts) - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256(parts[name]).hexdigest() == digest, name
    return parts


def kinds(parts: dict[str, bytes]) -> set[str]:
    return {name.split("/")[1].split("-")[0] for name in parts if name.startswith("papers/") and name.endswith(".json")}


def test_every_hash_of_a_partys_dossier_holds_and_every_paper_is_known(market: Market) -> None:
    contract = accepted(market)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(100)))
    parts = checked(made(market, market.owner, contract.id))
    wanted = {"award_letter", "award_notice", "contract", "dossier_notice", "dossier_settlement"}
    assert kinds(parts) == wanted
    assert {"protocol.json", "versions/1.pdf", "index.pdf"} <= set(parts)
    with market.works.reading() as work:
        for name, words in parts.items():
            if name.startswith("papers/") and name.endswith(".json"):
                paper = papers.find(work.session, name.removesuffix(".json").split("-", 1)[1])
                assert paper.sha256 == hashlib.sha256(words).hexdigest()
                assert parts[name.replace(".json", ".pdf")].startswith(b"%PDF-")
    index: dict[str, Any] = json.loads(parts["index.json"])
    assert {name for name, _digest in index["rows"]} == set(parts) - {"SHA256SUMS", "index.json", "index.pdf"}
    data = json.loads(parts["data.json"])
    assert (data["contract"]["amount"], data["settlement"]["paid"]) == (10_000, 10_000)
    assert data["deliverables"][0]["sha256"] == hashlib.sha256(parts["versions/1.pdf"]).hexdigest()
    assert "contact_phone" not in parts["data.json"].decode()
    assert made(market, market.owner, contract.id) == parts


def test_an_office_gets_no_text_and_no_version_and_a_stranger_nothing(market: Market) -> None:
    contract = accepted(market)
    parts = checked(made(market, market.world.city, contract.id))
    assert "contract" not in kinds(parts)
    assert not any(name.startswith("versions/") for name in parts)
    assert "text" not in json.loads(parts["data.json"])["contract"]
    with pytest.raises(Forbidden):
        made(market, market.agents[1][0], contract.id)
    with pytest.raises(Conflict, match="dossier-too-early"):
        made(market, market.owner, signed(market).id)


def test_the_dossier_is_taken_from_the_deals_page(app: Flask, market: Market) -> None:
    contract, client = accepted(market), app.test_client()
    market.world.sign_in(client, market.owner)
    url = f"/contracts/{contract.id}/dossier"
    assert f'href="{url}"' in page(client, f"/contracts/{contract.id}")
    assert "SHA256SUMS" in page(client, url)
    with post(client, url) as answer:
        assert answer.mimetype == "application/zip"
        assert "index.pdf" in zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist()


STRING = rb"\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]+>"
SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:" + STRING + rb"|[^\](<])*)\]TJ|(" + STRING + rb")Tj", re.DOTALL)


def pdf_text(pdf: bytes) -> str:
    """Return the words a PDF of ours shows: glyphs looked up in the map that each font carries for readers."""
    objects = {int(one[1]): one[2] for one in re.finditer(rb"(\d+) 0 obj(.*?)endobj", pdf, re.DOTALL)}
    fonts = {name: letters_of(objects, int(number)) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", pdf)}
    words, letters = [], dict[int, str]()
    for stream in (unpacked(one) for one in objects.values()):
        for font, many, one in SHOWN.findall(stream) if b" Tf" in stream else ():
            letters = fonts[font] if font else letters
            glyphs = b"".join(plain(part) for part in re.findall(STRING, many or one, re.DOTALL))
            words += [letters.get(int.from_bytes(glyphs[at : at + 2]), "") for at in range(0, len(glyphs), 2)]
    return "".join(words)


def letters_of(objects: dict[int, bytes], number: int) -> dict[int, str]:
    """Return the letter of each glyph of a font."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    assert found is not None
    pairs = re.findall(rb"<(\w{4})> <(\w+)>\n", unpacked(objects[int(found[1])]))
    return {int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in pairs}


def unpacked(thing: bytes) -> bytes:
    """Return the unpacked stream of an object; nothing where it has none."""
    found = re.search(rb"/FlateDecode.*?>>\s*stream\r?\n(.*)endstream", thing, re.DOTALL)
    return zlib.decompress(found[1]) if found is not None else b""


def plain(text: bytes) -> bytes:
    """Return the bytes of a PDF string: digits in angles, or letters with escapes in brackets."""
    if text.startswith(b"<"):
        return bytes.fromhex(text[1:-1].decode())
    known = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def one(found: re.Match[bytes]) -> bytes:
        return bytes([int(found[1], 8)]) if found[1].isdigit() else known.get(found[1], found[1])

    return re.sub(rb"\\(\d{1,3}|.)", one, text[1:-1], flags=re.DOTALL)


def test_one_pdf_holds_the_whole_purchase_and_declares_pdf_a(market: Market) -> None:
    contract = accepted(market)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(100)))
    parts = made(market, market.owner, contract.id)
    pdf, data = parts["dossier.pdf"], json.loads(parts["dossier.json"])
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>", pdf)
    assert re.search(rb"<pdfaid:conformance>B</pdfaid:conformance>", pdf)
    text = re.sub(r"\s", "", pdf_text(pdf))
    for title in (
        "目录", "采购公告", "提问与答复", "开启后的报价", "选取记录", "中选", "合同变更、暂停和终止", "成果与验收",
        "结算", "投诉和异议", "双方评价", "事件记录",
    ):  # fmt: skip
        assert title in text, title
    for section in data["sections"]:
        words = [*(cell for line in [*section["lines"], *section["rows"]] for cell in line), *section["paragraphs"]]
        for said in words:
            assert re.sub(r"\s", "", said) in text, (section["title"], said)
    with market.works.reading() as work:
        paper = papers.find(work.session, re.search(r"核验码：([0-9A-Z-]{14})", text)[1])  # type: ignore[index]  # found
        leaves = book.leaves_of(work.session, contract)
    assert paper.sha256 == hashlib.sha256(parts["dossier.json"]).hexdigest()
    assert {leaf.verb for leaf in leaves} >= {"need.publish", "quote.open", "contract.sign", "settlement.recorded"}
    assert [row[0] for row in data["sections"][-1]["rows"]] == [str(leaf.seq) for leaf in leaves]


def test_an_office_reads_the_book_without_the_contracts_wording(market: Market) -> None:
    contract = accepted(market)
    told = {
        actor: json.loads(made(market, actor, contract.id)["dossier.json"])
        for actor in (market.owner, market.world.city)
    }
    parts = {actor: one["sections"][5]["paragraphs"] for actor, one in told.items()}
    assert parts[market.world.city] == ["合同全文只给合同双方。"]
    assert len(parts[market.owner]) > 1
