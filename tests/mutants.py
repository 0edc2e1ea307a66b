"""Say how many of the mutants that mutmut made of the fee core the tests noticed: the end of `make mutants`.

Prints each mutant that is left with its change, then the share of its file; returns 1 below 95 % of all. Which files
are changed and which tests run stands in pyproject.toml, [tool.mutmut]; docs/mutants.md says why those left are left.
"""

import sys
from collections import Counter
from typing import Final

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

NOTICED: Final = frozenset({"killed", "timeout", "segfault"})
LEAST: Final = 95


def main() -> int:
    """Print what became of the mutants that were judged, file by file."""
    total: Counter[bool] = Counter()
    for path in sorted(walk_mutatable_files()):
        found = SourceFileMutationData(path=path)
        found.load()
        ends = {name: status_by_exit_code[code] for name, code in found.exit_code_by_key.items() if code is not None}
        for name, end in ends.items():
            if end not in NOTICED:
                print(f"{name}: {end}")
                print("\n".join(one for one in get_diff_for_mutant(name, path=path).splitlines()[3:] if one[0] in "+-"))
        noticed = Counter(end in NOTICED for end in ends.values())
        if ends:
            print(f"{path}: {noticed[True]} of {len(ends)} killed", flush=True)
        total += noticed
    share = 100 * total[True] / max(1, total.total())
    print(f"{total[True]} of {total.total()} killed, {share:.1f} %")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
