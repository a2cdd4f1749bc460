"""A simulated fleet: calls that come and go over servers behind a least-connections balancer.

Pure; the seed decides. The balancer knows how many sockets each server has, and notices a dead
server only once its checks have failed; a server without room is passed over, as by
`/readyz/calls`, and what is sent to a dead one is sent on. A dead server's calls are over.
"""

import heapq
import random
from dataclasses import dataclass

HOLD_S = 240.0
"""Mean length of a call."""
RUN_S = 1800.0
DIES_AT_S = 1200.0


@dataclass(frozen=True)
class Simulated:
    """The outcome, once the fleet was full."""

    servers: int
    offered: int
    refused_pct: float
    busiest: int
    """Most calls on any server at once, before one died."""
    idlest: int
    busiest_after_death: int
    lost_with_the_server: int


def simulated(servers: int, room: int, calls: int, dice: random.Random) -> Simulated:
    """A fleet that holds `calls` on average, and one of whose servers dies."""
    on, ends = [0] * servers, []
    gone = [False] * servers
    offered = refused = lost = 0
    least: list[tuple[int, int]] = [(0, n) for n in range(servers)]
    busiest = busiest_after = 0
    idlest, died, at = room, False, 0.0
    generation = [0] * servers
    while at < RUN_S:
        at += dice.expovariate(calls / HOLD_S)
        while ends and ends[0][0] <= at:
            _, n, born = heapq.heappop(ends)
            if born == generation[n]:
                on[n] -= 1
                heapq.heappush(least, (on[n], n))
        if not died and at >= DIES_AT_S:
            died, number = True, max(range(servers), key=on.__getitem__)
            lost, on[number], gone[number] = on[number], 0, True
            generation[number] += 1
        offered += 1
        n = _least(least, on, gone, room)
        if n is None:
            refused += 1
        else:
            on[n] += 1
            heapq.heappush(least, (on[n], n))
            heapq.heappush(ends, (at + dice.expovariate(1 / HOLD_S), n, generation[n]))
            if died:
                busiest_after = max(busiest_after, on[n])
            elif at > DIES_AT_S / 2:
                busiest = max(busiest, on[n])
        if not died and at > DIES_AT_S - 30.0:
            idlest = min(idlest, *on)
    refused_pct = round(100 * refused / offered, 3)
    return Simulated(servers, offered, refused_pct, busiest, idlest, busiest_after, lost)


def _least(least: list[tuple[int, int]], on: list[int], gone: list[bool], room: int) -> int | None:
    """The living server with the fewest calls; None when it has no room. Drops stale entries."""
    while least:
        count, n = least[0]
        if gone[n] or count != on[n]:
            heapq.heappop(least)
            continue
        return n if count < room else None
    return None
