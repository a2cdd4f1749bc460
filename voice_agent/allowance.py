"""A rate limit per key: a burst at once, then one at a time. Pure."""

import ipaddress

MOST_KEYS = 50_000


class Allowance:
    """A token bucket per key: `burst` at once, then one more every `every_s` seconds."""

    def __init__(self, burst: int, every_s: float, most: int = MOST_KEYS) -> None:
        self._every_s = every_s
        self._most = most
        self._ahead_s = (burst - 1) * every_s
        self._due: dict[str, float] = {}
        """When each key's bucket is full again; a missing key has a full bucket."""

    def take(self, key: str, at: float) -> float:
        """Take one token: 0 when allowed, else the seconds to wait. `at`: any monotonic clock."""
        due = max(self._due.get(key, at), at)
        if (wait_s := due - at - self._ahead_s) > 1e-9:
            return wait_s
        if len(self._due) >= self._most:
            self._forget(at)
        self._due[key] = due + self._every_s
        return 0.0

    def _forget(self, at: float) -> None:
        """Drop the keys whose buckets are full, then, if too many remain, the tenth that fill
        soonest. Dropping one at a time would scan every key again for each new one."""
        left = sorted((due, key) for key, due in self._due.items() if due > at)
        if len(left) >= self._most:
            left = left[max(1, self._most // 10) :]
        self._due = {key: due for due, key in left}


def address_key(host: str | None) -> str:
    """The key an address counts under; an IPv6 /64 is one household or company."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
