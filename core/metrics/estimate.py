"""`wilson(…)`, `ratio(…)`: estimates from a sample, with confidence intervals."""

import math
from dataclasses import dataclass

from core.metrics.outcomes import WIDE


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share, and its 95 % confidence interval."""

    share: float
    low: float
    high: float
    n: float
    """The sample size; of weighted samples, the effective size."""


def wilson(part: float, n: float, of: float = math.inf) -> Estimate:
    """The share of a population of `of`, from a sample of `n` > 0 with `part` positives.

    Wilson's interval; it narrows with the sampled fraction and is exact for a full sample.
    """
    p = part / n
    if n >= of:
        return Estimate(p, p, p, n)
    tells = n if math.isinf(of) else n * (of - 1) / (of - n)
    z2 = WIDE * WIDE / tells
    middle = (p + z2 / 2) / (1 + z2)
    reach = WIDE / (1 + z2) * math.sqrt(p * (1 - p) / tells + z2 / (4 * tells))
    return Estimate(p, min(p, max(0.0, middle - reach)), max(p, min(1.0, middle + reach)), n)


def ratio(upper: Estimate, lower: Estimate) -> tuple[float, float]:
    """The interval of the ratio of two shares; `lower.share` or `upper.share` above zero.

    MOVER-R, of Donner and Zou, Closed-form confidence intervals for functions of the normal mean
    and standard deviation, Stat Methods Med Res 21 (2012) 347; written so that nothing divides by
    zero.
    """
    a, b = upper.share, lower.share
    product = a * b
    low = upper.low * (2 * a - upper.low)
    least = lower.high * (2 * b - lower.high)
    high = upper.high * (2 * a - upper.high)
    most = lower.low * (2 * b - lower.low)
    under = product + math.sqrt(max(0.0, product * product - low * least))
    over = product + math.sqrt(max(0.0, product * product - high * most))
    return (max(0.0, low / under) if under else 0.0), (over / most if most > 0 else math.inf)
