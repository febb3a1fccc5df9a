"""What someone looks for, in an address that says nothing: names and addresses of customers are no matter of logs.

I decide how searched words stand in an address. The pages that search call me. I never keep anything: whoever works
here may keep an address or pass it on, and it opens as long as the installation has its keys.
"""

import base64
import json
from collections.abc import Mapping

from taktvoll.entry.desk.session import Visit
from taktvoll.flows.house import House

FIELD = "s"
"""The field of an address that holds what is hidden."""
_PURPOSE = "search"
_CHARS_MAX = 6_000


def hidden(house: House, visit: Visit, fields: Mapping[str, str]) -> str:
    """Hide what was typed; empty fields are left out."""
    said = json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)
    closed = house.keys.encrypt(_PURPOSE, str(visit.workspace.id), said.encode("utf-8", "replace"))
    return base64.urlsafe_b64encode(closed).rstrip(b"=").decode("ascii")


def shown(house: House, visit: Visit, text: str) -> dict[str, str]:
    """Read back what was hidden; nothing for anything else, so that a cut-off address is an empty search."""
    try:
        closed = base64.urlsafe_b64decode(text[:_CHARS_MAX].encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return {}
    said = house.keys.decrypt(_PURPOSE, str(visit.workspace.id), closed)
    return {str(k): str(v) for k, v in json.loads(said).items()} if said else {}
