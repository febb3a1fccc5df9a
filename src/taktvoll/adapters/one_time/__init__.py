"""One-time codes by the clock, as authenticator apps make them, and the picture such an app scans.

`AuthenticatorCodes` implements the port OneTimeCodes; build.py makes it, the flows around the second factor call it.
It never keeps a secret and never decides whether a code was used before.
"""

from taktvoll.adapters.one_time.codes import AuthenticatorCodes

__all__ = ["AuthenticatorCodes"]
