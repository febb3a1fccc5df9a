"""The simulation runs on the contracts' server."""

from tests.contract.conftest import endpoint, pool, raw, superuser

__all__ = ["endpoint", "pool", "raw", "superuser"]
