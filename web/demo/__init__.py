"""The demo world: invented organisations living through real use cases, so that every row has its audit leaves.

All names are made up and marked as 演示数据. The same seed makes the same world.
"""

from typing import Final

SEED: Final = 2017
"""The seed of the usual world."""
