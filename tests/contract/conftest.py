"""The stores that keep the contracts."""

from tests.contract.test_store_contract import store

__all__ = ["store"]
