"""Secrets: what is sealed opens for its purpose and its owner alone, and a hash finds equals without storing them."""

import hashlib
import hmac
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from core import secrets
from core.secrets import keyed_hash, seal, token_hash, unseal

MASTER = bytes(range(32))
OTHER = bytes(range(1, 33))


@pytest.fixture(autouse=True, scope="module")
def _own_secret() -> Iterator[None]:
    """Keep these tests' master secret to themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "_master", [])
        patch.setattr(secrets, "_keys", {})
        secrets.configure(MASTER)
        yield


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_master", [])
    monkeypatch.setattr(secrets, "_keys", {})


@given(st.binary(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_what_is_sealed_opens_again_for_the_same_purpose_and_owner(plain: bytes, purpose: str, bound: str) -> None:
    assert unseal(purpose, seal(purpose, plain, bound), bound) == plain


@given(st.binary(max_size=60), st.data())
def test_one_changed_bit_anywhere_keeps_it_shut(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal("quote", plain, "1/2"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(InvalidTag):
        unseal("quote", bytes(sealed), "1/2")


@pytest.mark.parametrize("kept", [0, 1, 11, 12, 20, 29])
def test_what_was_cut_short_does_not_open(kept: int) -> None:
    with pytest.raises(InvalidTag):
        unseal("quote", seal("quote", b"93")[:kept])


@pytest.mark.parametrize(("purpose", "bound"), [("rating", "1/2"), ("quote", "1/3"), ("quote", ""), ("Quote", "1/2")])
def test_it_opens_for_no_other_purpose_and_no_other_owner(purpose: str, bound: str) -> None:
    sealed = seal("quote", b"93000", "1/2")
    with pytest.raises(InvalidTag):
        unseal(purpose, sealed, bound)


def test_the_same_text_is_sealed_differently_each_time_and_never_shows() -> None:
    plain = b"110105194912310021"
    sealed = [seal("column", plain) for _ in range(50)]
    assert len(set(sealed)) == 50
    assert len({one[: secrets.NONCE_BYTES] for one in sealed}) == 50
    assert not any(plain in one for one in sealed)
    assert {len(one) for one in sealed} == {secrets.NONCE_BYTES + len(plain) + 16}


def test_a_keyed_hash_is_hmac_sha256_under_a_key_derived_for_its_purpose() -> None:
    drawn = hmac.new(b"\x00" * 32, MASTER, hashlib.sha256).digest()  # RFC 5869: extract, then one block of expand
    key = hmac.new(drawn, "手机".encode() + b"\x01", hashlib.sha256).digest()
    assert keyed_hash("手机", "13800138000") == hmac.new(key, b"13800138000", hashlib.sha256).hexdigest()


@given(st.text(max_size=30), st.text(max_size=30))
def test_equal_values_have_equal_hashes_and_others_have_others(one: str, other: str) -> None:
    assert (keyed_hash("mobile", one) == keyed_hash("mobile", other)) is (one == other)
    assert (keyed_hash(one, "13800138000") == keyed_hash(other, "13800138000")) is (one == other)


def test_a_token_is_stored_as_its_sha256() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4


def test_another_master_secret_opens_nothing_and_finds_nothing(unset: None) -> None:
    secrets.configure(MASTER)
    sealed, found = seal("quote", b"93000"), keyed_hash("mobile", "13800138000")
    secrets.configure(OTHER)
    with pytest.raises(InvalidTag):
        unseal("quote", sealed)
    assert keyed_hash("mobile", "13800138000") != found
    secrets.configure(MASTER)
    assert unseal("quote", sealed) == b"93000"
    assert keyed_hash("mobile", "13800138000") == found


def test_a_short_master_secret_is_refused_and_the_one_before_stays(unset: None) -> None:
    secrets.configure(MASTER)
    sealed = seal("quote", b"93000")
    with pytest.raises(ValueError, match="shorter than 32 bytes"):
        secrets.configure(b"x" * 31)
    assert unseal("quote", sealed) == b"93000"


def test_nothing_is_sealed_or_hashed_before_a_secret_is_set(unset: None) -> None:
    for attempt in (lambda: seal("quote", b""), lambda: keyed_hash("mobile", ""), lambda: unseal("quote", b"0" * 28)):
        with pytest.raises(RuntimeError, match="not configured"):
            attempt()
