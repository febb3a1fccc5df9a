"""An embedded PostgreSQL server beneath the data folder, for installations without a database of their own.

`EmbeddedPostgres` starts and shares it between processes; build.py makes one when no database address is configured.
It never speaks SQL and never listens on a network address.
"""

from taktvoll.adapters.embedded.server import EmbeddedPostgres, Endpoint, Role

__all__ = ["EmbeddedPostgres", "Endpoint", "Role"]
