"""Passwords by Argon2id.

`Argon2Passwords` implements the port Passwords; build.py makes it, the sign-in flow calls it.
It never keeps a password and never says why a check failed.
"""

from taktvoll.adapters.passwords.argon import Argon2Passwords

__all__ = ["Argon2Passwords"]
