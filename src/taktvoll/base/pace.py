"""Token buckets: how fast someone may knock at a door.

I decide when it is too fast. Doors call me with their clock's seconds. I never wait and never read a clock.
"""

import math
from collections import OrderedDict
from ipaddress import IPv6Address, ip_network

from taktvoll.base.errors import Refused

NETWORK_BITS = 64
"""How much of an IPv6 address names a customer's line: the rest of it is theirs to choose. Source: RFC 6177, 7421."""


def host_of(client: tuple[str, int] | None) -> str:
    """Whose connection it is, as far as limits by host go; "" where nobody knows.

    Takes:  client: the address and port that the server names.
    Gives:  an IPv4 address as it is, also one inside an IPv6 address; of an IPv6 address its network, since a single
            line has 2**64 of them and would have as many limits.
    """
    host = client[0] if client else ""
    try:
        address = IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, NETWORK_BITS), strict=False))


class Pace:
    """Token buckets in memory, one a key: a burst, then so many a minute. Old buckets make room for new ones."""

    def __init__(self, burst: int, per_minute: int, keys_max: int = 50_000) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._keys_max = keys_max
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, key: object, now_s: float, tokens_n: int = 1) -> None:
        """Take one token, or as many as it weighs.

        Takes:  key: only its hash is kept, so that strangers' addresses and long texts stay nowhere;
                now_s: seconds of a clock that only goes forward; tokens_n: never more than the burst.
        Raises: Refused("request.too_many") with the seconds to wait.
        """
        hashed = hash(key)
        tokens, since = self._buckets.pop(hashed, (float(self._burst), now_s))
        tokens = min(self._burst, tokens + (now_s - since) * self._per_second)
        wait_s = 0 if tokens >= tokens_n else max(1, math.ceil((tokens_n - tokens) / self._per_second))
        self._buckets[hashed] = (tokens if wait_s else tokens - tokens_n, now_s)
        if len(self._buckets) > self._keys_max:
            self._buckets.popitem(last=False)
        if wait_s:
            raise Refused("request.too_many", retry_after_s=wait_s)

    def give_back(self, key: object) -> None:
        """Give one token back: what was taken turned out to be no guess."""
        hashed = hash(key)
        if hashed in self._buckets:
            tokens, since = self._buckets[hashed]
            self._buckets[hashed] = (min(self._burst, tokens + 1), since)
