"""A dossier holds what a purchase left, and every hash in it can be checked from the file alone."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask

from admin.dossiers import service
from core import papers
from core.access import Actor
from core.errors import Conflict, Forbidden
from core.money import Money
from marketplace.contracts.rules import PaidLine
from tests.marketplace.browser import page, post
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
