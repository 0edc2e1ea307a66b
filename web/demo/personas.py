"""The demo's people as programs: each looks at what waits for it and does the next thing, by the API alone."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from flask.testing import FlaskClient

REPORT: Final = b"%PDF-1.7\ndemo report\n%%EOF"
WHY: Final = "价格和方案都合适，能按期交付"
OWN: Final = {"mine": "true", "limit": 50}
ITEMS: Final = ("DG-B-25", "DG-C-53", "DG-C-55", "DG-A-02", "DG-B-31", "DG-C-49", "DG-D-61")
METHODS: Final = ("merit", "merit", "direct", "credit", "rounds")
BIDS: Final = 0.7
ASKS: Final = 0.1
NEEDS_A_TURN: Final = 0.25
SHORTEST_SERVICE: Final = timedelta(hours=6)
SCORES: Final = (3, 4, 4, 5, 5)


@dataclass
class Tally:
    """What the programs did: calls, steps by name, refusals by code, answers that no call should get."""

    calls: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class Persona:
    """Somebody with a token of the API: a program that looks and acts when its turn comes."""

    def __init__(self, client: FlaskClient, token: str, rng: Random, tally: Tally, town: str) -> None:
        self.client, self.rng, self.tally, self.town = client, rng, tally, town
        self.headers = {"Authorization": f"Bearer {token}"}
        self.tried: set[Any] = set()
        self.unfit: set[str] = set()
        self.why = ""

    def turn(self, now: datetime) -> None:
        """Look, and do what waits."""
        raise NotImplementedError

    def ask(self, path: str, **words: Any) -> Any:
        """Read; an empty answer where the reading was refused."""
        answer = self.client.get(f"/api/v1{path}", headers=self.headers, query_string=words)
        return answer.get_json() if self._taken(path, answer) else {}

    def act(self, step: str, path: str, body: Any = None, method: str = "POST") -> Any:
        """Do a step; count it, or why it was refused. Returns what came back, None where it was refused."""
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers)
        if not self._taken(path, answer):
            return None
        self.tally.done[step] += 1
        return answer.get_json(silent=True) or {}

    def once(self, key: Any) -> bool:
        """Say whether this is the first time for a thing."""
        first = key not in self.tried
        self.tried.add(key)
        return first

    def _taken(self, path: str, answer: Any) -> bool:
        self.tally.calls += 1
        if answer.status_code < 400:
            return True
        body = answer.get_json(silent=True) or {}
        if answer.status_code >= 500:
            self.tally.broken.append(f"{path}: {answer.status_code}")
        self.why = str(body.get("code", answer.status_code))
        self.tally.refused[self.why] += 1
        return False


class Enterprise(Persona):
    """Publishes, answers, chooses, signs, accepts, pays, rates."""

    def turn(self, now: datetime) -> None:
        """Look at one's own needs and contracts, and now and then ask for something new."""
        for need in self.ask("/needs", **OWN).get("items", []):
            if need["state"] == "open":
                self._answer(need["id"])
            elif need["state"] == "selecting":
                self._choose(need["id"])
        for contract in self.ask("/contracts", limit=50).get("items", []):
            self._go_on(contract)
        if self.rng.random() < NEEDS_A_TURN:
            self._publish()

    def _publish(self) -> None:
        method = self.rng.choice(METHODS)
        body: dict[str, Any] = {
            "item_code": self.rng.choice(ITEMS), "title": "演示：厂房改造配套服务", "scale": "建筑面积 1.2 万平方米",
            "fund": "social", "method": method, "no_ceiling_reason": "首次采购，没有可比价格", "town_code": self.town,
        }  # fmt: skip
        if method == "direct":
            body["method_basis"] = "small-amount"
        if method == "credit":
            body["terms"] = {"large": 5, "small": 2}
        if method == "rounds":
            body["terms"] = {"rounds": 2, "minutes": 30, "step": 1}
        made = self.act("need drafted", "/needs", body)
        if made:
            self.act("need published", f"/needs/{made['id']}/publish")

    def _answer(self, need_id: int) -> None:
        for question in self.ask(f"/needs/{need_id}/questions") or []:
            if not question.get("answer"):
                self.act(
                    "question answered", f"/questions/{question['id']}/answer", {"text": "可以，签约后提供。"}, "PUT"
                )

    def _choose(self, need_id: int) -> None:
        board = self.ask(f"/needs/{need_id}/selection")
        lines = [line for line in board.get("lines", []) if not line.get("faults")]
        if not lines:
            return
        if board.get("missing_scores"):
            self._score(need_id, lines)
            lines = self.ask(f"/needs/{need_id}/selection").get("lines", lines)
        ranked = [line for line in lines if line["rank"]] or lines
        for line in sorted(ranked, key=lambda one: one["rank"] or len(lines)):
            if self.act("award given", f"/needs/{need_id}/award", {"quote_id": line["quote_id"], "reason": WHY}):
                return

    def _score(self, need_id: int, lines: list[dict[str, Any]]) -> None:
        asked = [one["criterion"] for line in lines for one in line["scores"]]
        wanted = dict.fromkeys(asked) or {"服务方案": None, "人员配备": None, "服务时限": None}
        points = [
            {
                "quote_id": line["quote_id"],
                "criterion": name,
                "points": self.rng.randint(60, 98),
                "reason": "按方案评定",
            }
            for line in lines
            for name in wanted
            if name != "价格"
        ]
        self.act("quotes scored", f"/needs/{need_id}/selection/scores", {"scores": points}, "PUT")

    def _go_on(self, contract: dict[str, Any]) -> None:
        place = f"/contracts/{contract['id']}"
        if contract["state"] == "drafted":
            sign(self, place)
        elif contract["state"] == "delivered":
            if self.rng.random() < ASKS:
                self.act("result returned", f"{place}/returns", {"reason": "缺少附图，补齐后再交"})
            else:
                self.act("result accepted", f"{place}/acceptance")
        elif contract["state"] == "accepted":
            line = {"name": "服务费", "amount_fen": contract["amount_fen"]}
            self.act("contract settled", f"{place}/settlement", {"lines": [line]})
            rate(self, place)


class Agency(Persona):
    """Asks, quotes, bids, signs, delivers, rates."""

    def turn(self, now: datetime) -> None:
        """Look at open notices and one's own contracts."""
        for need in self.ask("/needs", state="open", limit=50).get("items", []):
            if need["item_code"] not in self.unfit and self.once(need["id"]) and self.rng.random() < BIDS:
                self._quote(need)
        for contract in self.ask("/contracts", limit=50).get("items", []):
            self._go_on(contract, now)
        for message in self.ask("/messages").get("items", []):
            if message["code"] == "rounds-begin" and not message["done_at"]:
                self._bid(int(message["url"].split("/")[2]))

    def _quote(self, need: dict[str, Any]) -> None:
        if self.rng.random() < ASKS:
            self.act("question asked", f"/needs/{need['id']}/questions", {"text": "现场什么时候可以踏勘？"})
        fen = self.rng.randrange(800, 1600) * 5000
        body = {"amount_fen": fen, "days": self.rng.randint(5, 20), "plan": "按期完成", "commitment_given": True}
        if self.act("quote handed in", f"/needs/{need['id']}/quotes", body) is None and self.why == "not-eligible":
            self.unfit.add(need["item_code"])

    def _bid(self, need_id: int) -> None:
        standing = self.ask(f"/needs/{need_id}/bidding")
        most = standing.get("most")
        if standing.get("is_on") and most and self.rng.random() < BIDS:
            self.act("bid lowered", f"/needs/{need_id}/bids", {"amount_fen": most})

    def _go_on(self, contract: dict[str, Any], now: datetime) -> None:
        place = f"/contracts/{contract['id']}"
        if contract["state"] == "drafted":
            sign(self, place)
        elif contract["state"] == "in_service" and contract["starts_at"]:
            if now - datetime.fromisoformat(contract["starts_at"]) > SHORTEST_SERVICE * self.rng.uniform(1, 8):
                self._deliver(place)
        elif contract["state"] in {"accepted", "settled"}:
            rate(self, place)

    def _deliver(self, place: str) -> None:
        form = {"file": (io.BytesIO(REPORT), "报告.pdf"), "note": "终稿"}
        answer = self.client.post(f"/api/v1{place}/deliverables", data=form, headers=self.headers)
        if self._taken(place, answer):
            self.tally.done["result delivered"] += 1


class Clerk(Persona):
    """Judges the registrations of its town."""

    def turn(self, now: datetime) -> None:
        """Look at what is to be reviewed, pass every material, accept."""
        for message in self.ask("/messages").get("items", []):
            parts = message["url"].split("/")
            if message["code"] == "registration-to-review" and not message["done_at"] and self.once(message["id"]):
                self._review(f"/registrations/{parts[2]}")

    def _review(self, place: str) -> None:
        found = self.ask(place)
        verdicts = [{"key": one["key"], "verdict": "passed"} for one in found.get("materials", [])]
        if verdicts and self.act("materials judged", f"{place}/verdicts", {"verdicts": verdicts}, "PUT"):
            self.act("registration accepted", f"{place}/acceptance", {})


def sign(who: Persona, place: str) -> None:
    """Sign the text as it stands, once for each text."""
    contract = who.ask(place)
    mark = contract.get("content_hash")
    side = "enterprise_signed_at" if isinstance(who, Enterprise) else "agency_signed_at"
    if mark and not contract.get(side):
        who.act("contract signed", f"{place}/signatures", {"content_hash": mark})


def rate(who: Persona, place: str) -> None:
    """Rate once."""
    if who.once(place):
        scores = {f"d{number}": who.rng.choice(SCORES) for number in range(1, 6)}
        who.act("rating given", f"{place}/ratings", {**scores, "reason": "按期完成，沟通清楚"})
