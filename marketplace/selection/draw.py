"""The verifiable draw that separates equals, cuts lists and draws factors. Pure.

It follows commit, freeze, reveal: its secret is committed when the notice is published, its list is frozen when the
quotes are opened, and anybody can repeat it from the protocol. One seed serves every question left to lot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

BASE_FACTOR: Final = 95
FACTOR_STEPS: Final = 4

Part: TypeAlias = bytes | str | int


def digest(*parts: Part) -> bytes:
    """Hash parts without ambiguity: SHA-256 over each part preceded by its length as four bytes, numbers as text."""
    encoded = (part if isinstance(part, bytes) else str(part).encode() for part in parts)
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in encoded)).digest()


def list_hash(weights: Mapping[str, int]) -> bytes:
    """Hash the frozen list of entrants and their whole weights; ids sorted by bytes."""
    return digest("list", *(part for key in _sorted(weights) for part in (key, weights[key])))


def commitment(draw_id: str, secret: bytes) -> bytes:
    """Commit to a secret before anybody has entered, without showing it."""
    return digest("commit", draw_id, secret)


def seed_of(draw_id: str, root: bytes, beacon: bytes, secrets: Sequence[bytes]) -> bytes:
    """Mix the draw's name, the hash of the frozen list, the beacon and the secrets; a withheld secret is empty."""
    return digest("seed", draw_id, root, beacon, *secrets)


def draw(seed: bytes, weights: Mapping[str, int]) -> tuple[str, ...]:
    """Rank all entrants by their smallest ticket; taking one away later moves nobody else."""
    tickets = {key: min(digest("ticket", seed, key, index) for index in range(weights[key])) for key in weights}
    return tuple(sorted(_sorted(weights), key=lambda key: tickets[key]))


def factor(seed: bytes) -> int:
    """Draw a factor of 95, 96, 97 or 98 percent."""
    return BASE_FACTOR + int.from_bytes(digest("K", seed), "big") % FACTOR_STEPS


def _sorted(weights: Iterable[str]) -> list[str]:
    return sorted(weights, key=str.encode)


@dataclass(frozen=True, slots=True)
class Draw:
    """All that is needed to repeat one draw.

    weights: entrant id to whole weight. beacon: bytes nobody here chose alone (for ties, the hash of all commitments
    that came with the sealed quotes). secrets and commits: in the same order; an empty secret was withheld.
    """

    name: str
    weights: Mapping[str, int]
    beacon: bytes
    secrets: tuple[bytes, ...]
    commits: tuple[bytes, ...]

    @property
    def seed(self) -> bytes:
        """The seed that the draw's materials give."""
        return seed_of(self.name, list_hash(self.weights), self.beacon, self.secrets)

    def ranking(self) -> tuple[str, ...]:
        """Return the entrants in the order drawn."""
        return draw(self.seed, self.weights)

    @property
    def cut_ranking(self) -> tuple[str, ...]:
        """The entrants in the order of a second draw from the same seed, for cutting a list before the main one.

        Every entrant has one ticket here, so that who is kept has no better place in the main draw for it.
        """
        return draw(digest("cut", self.seed), dict.fromkeys(self.weights, 1))

    @property
    def factor(self) -> int:
        """The factor in percent, drawn from the same seed."""
        return factor(self.seed)

    def bundle(self) -> dict[str, object]:
        """Return what a bystander needs to repeat the draw, as plain JSON."""
        return {
            "algorithm": "ticket-sha256-1",
            "draw": self.name,
            "weights": dict(self.weights),
            "list_hash": list_hash(self.weights).hex(),
            "beacon_round": None,  # the public beacon, the regulator's secret and the witnesses take their places later
            "beacon_sig": self.beacon.hex(),
            "regulator_commit": None,
            "witnesses": [],
            "secrets": [secret.hex() for secret in self.secrets],
            "commits": [commit.hex() for commit in self.commits],
            "ranking": list(self.ranking()),
            "factor": self.factor,
        }


def quotes_beacon(commitments: Iterable[str]) -> bytes:
    """Hash the commitments that came with the sealed quotes, sorted: no one party chose them all."""
    return digest("quotes", *sorted(commitments))
