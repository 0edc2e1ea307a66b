"""What contracts tell others, all by the contract's life; each carries ``id``, the contract."""

from __future__ import annotations

from typing import Final

SIGNED: Final = "contract.signed"
DELIVERED: Final = "contract.delivered"
RETURNED: Final = "contract.returned"
ACCEPTED: Final = "contract.accepted"
SETTLED: Final = "contract.settled"
TERMINATED: Final = "contract.terminated"
