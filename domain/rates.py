"""How often something changes that is only looked at now and then: estimators for incomplete observation.

Changes are taken to come as a Poisson process. A look tells whether anything changed since the one before, not how
often, so counting changes underestimates what changes often. J. Cho and H. Garcia-Molina, «Estimating Frequency of
Change», ACM Transactions on Internet Technology 3 (3), 2003, 256–290.
"""

from collections.abc import Sequence
from math import expm1, inf, log

_STEPS = 60


def regular(checks: int, changes: int) -> float:
    """Changes per interval, from `checks` looks at equal intervals of which `changes` found something new.

    Their bias-corrected estimator (section 4.2): r = −log((n − X + 0.5) / (n + 0.5)). The naive X/n is biased
    where the page changes oftener than it is looked at, and −log(1 − X/n) is infinite where every look found a
    change. Raises ValueError where more changes than checks are given.
    """
    if not 0 <= changes <= checks:
        raise ValueError(f"{changes} changes in {checks} checks")
    return -log((checks - changes + 0.5) / (checks + 0.5))


def irregular(changed: Sequence[float], unchanged: float) -> float:
    """The rate, per unit of time, from looks at irregular intervals: the lengths of those at whose end something
    was new, and the sum of those at whose end nothing was.

    Their maximum-likelihood estimator (section 5.2): the λ at which Σ t / (e^{λt} − 1) over the changed intervals
    is the sum of the unchanged ones. The left side falls as λ grows, so there is one such λ, found by bisection.
    0 where nothing ever changed; infinite where every interval changed.
    """
    spans = [span for span in changed if span > 0]
    if not spans:
        return 0.0
    if unchanged <= 0:
        return inf
    # As 1/λ − t ≤ t/(e^{λt} − 1) ≤ 1/λ, the root lies between these two.
    low, high = len(spans) / (unchanged + sum(spans)), len(spans) / unchanged
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _expected(spans, middle) > unchanged:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2


def _expected(spans: Sequence[float], rate: float) -> float:
    """Σ t / (e^{λt} − 1), which is 0 to any accuracy where λt is large."""
    return sum(span / expm1(rate * span) for span in spans if rate * span < 700)


def corrected(changed: Sequence[float], unchanged: float, checks: int) -> float:
    """As `irregular`, with the bias correction of `regular` carried over: half a look more, of mean length, at
    which nothing was new. At equal intervals it is `regular` divided by the interval; it is always finite."""
    mean = (sum(changed) + unchanged) / max(checks, 1)
    return irregular(changed, unchanged + mean / 2)
