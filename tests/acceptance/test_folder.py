"""The data folder on a machine with other users."""

import stat
from pathlib import Path

from tests.acceptance.product import Product


def readable_by_others(folder: Path) -> list[str]:
    """Files that another user of this machine can reach and read."""
    found: list[str] = []
    for path in folder.iterdir():
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            found += readable_by_others(path) if mode & 0o011 else []
        elif stat.S_ISREG(mode) and mode & 0o044:
            found.append(path.name)
    return found


def test_other_users_of_the_machine_read_nothing(product: Product) -> None:
    """Keys, conversations, passwords and passages that are not for everyone lie on a disk that others may share."""
    settings = {"complete", "pg_hba.conf", "pg_ident.conf", "postgresql.conf"}
    assert set(readable_by_others(product.folder)) <= settings
