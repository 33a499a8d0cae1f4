"""A content folder as one value, packed and unpacked."""

import pytest

from wxbot.errors import ContentError
from wxbot.service.snapshot import Snapshot, unpacked

FILES = {"menus.yaml": b"version: 1\n", "answers/shop.yaml": "category: 订单\n".encode()}


def test_what_was_packed_comes_out_byte_for_byte() -> None:
    snapshot = Snapshot(FILES)

    assert unpacked(snapshot.packed, snapshot.digest) == snapshot


def test_it_is_packed_once_on_all_its_way() -> None:
    archive = Snapshot(FILES).packed

    assert unpacked(archive).packed is archive


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(ContentError, match="已经损坏"):
        unpacked(Snapshot(FILES).packed, Snapshot({"menus.yaml": b""}).digest)
