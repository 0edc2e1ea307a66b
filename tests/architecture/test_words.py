"""The repository speaks of the project alone: no path of somebody's machine, no registry's address, no secret."""

import re
import subprocess

import pytest

from tests.architecture.product import ROOT

# Written so that this file does not hold what it looks for: a letter in brackets, a plant broken by a dot.
FORBIDDEN = {
    "a machine's path": r"(?<![\w.~$}/])/(?:wor[k]|roo[t]|hom[e]|far[m])/[\w.]",
    "a temporary path": r"(?<![\w.$}])/t[m]p/[\w-]+",
    "a registry's address": r"(?i)index-ur[l]|pypi\.org/simpl[e]|files\.pythonhoste[d]|extra-inde[x]",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KE[Y]-----\n[A-Za-z0-9+/=]{40}",
    "a conversation": r"(?i)\b(as an A[I]\b|language mode[l]|subagen[t]|this sessio[n]\b|chatgp[t]|helper[-]\d)",
    "a merge left open": r"(?m)^(<{7} |={7}$|>{7} )",
}
PLANTED = {
    "a machine's path": ["see /ro·ot/.bashrc", '"/ho·me/ann/market"', "cd /wo·rk/main"],
    "a temporary path": ["wrote /t·mp/x"],
    "a registry's address": ["--index-u·rl http://example.org"],
    "a private key": ["-----BEGIN PRIVATE KEY-----\n" + "A" * 64],
    "a conversation": ["As an A·I, I", "a large language mo·del", "in this sess·ion"],
    "a merge left open": ["<" * 7 + " HEAD\n"],
}
INNOCENT = ["$HOME/market", "var/lib", "the session cookie", "/needs/12", "https://example.gov.cn/home/notice"]
LARGEST = 1_000_000


def _tracked() -> list[str]:
    """List the files of the repository; those not committed yet too, but not what git ignores."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.rstrip("\0").split("\0")


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_a_planted_word_is_seen(kind: str) -> None:
    assert [text for text in PLANTED[kind] if not re.search(FORBIDDEN[kind], text.replace("·", ""))] == []
    assert [text for text in INNOCENT if re.search(FORBIDDEN[kind], text)] == []


def test_the_repository_speaks_of_the_project_alone() -> None:
    found = []
    for name in _tracked():
        path = ROOT / name
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for kind, pattern in FORBIDDEN.items():
            found += [f"{name}: {kind}: {match[0]!r}" for match in re.finditer(pattern, text)]
    assert not found, "\n".join(["", *found])


def test_what_the_machine_makes_is_not_kept() -> None:
    """No compiled file, database, index or environment is part of the repository."""
    made = re.compile(r"(^|/)(__pycache__|\.venv|var|node_modules)/|\.(pyc|mo|sqlite3?|db|log|pid)$")
    assert [name for name in _tracked() if made.search(name)] == []
