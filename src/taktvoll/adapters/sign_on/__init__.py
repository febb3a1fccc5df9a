"""A company's own sign-in server, asked by OpenID Connect.

`OpenIdServer` implements the port SignOnServer; build.py makes it, the flow sign_in_elsewhere calls it.
It never follows a redirect, never trusts an unsigned word and never keeps the client's secret.
"""

from taktvoll.adapters.sign_on.server import OpenIdServer

__all__ = ["OpenIdServer"]
