"""Token servers of mail providers, asked by OAuth 2.0.

`TokenServers` implements the port AccessTokens, `ConsentServers` the port Consents; build.py makes them.
They never follow a redirect, never speak in the clear to another machine, and never show a token or a secret.
"""

from taktvoll.adapters.oauth.consents import ConsentServers
from taktvoll.adapters.oauth.tokens import TokenServers

__all__ = ["ConsentServers", "TokenServers"]
