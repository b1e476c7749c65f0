"""Work done ahead of who asks for it: in order, in threads, never more than a few pieces too far."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


def ahead(work: Callable[[_Item], _Done], items: Iterable[_Item], threads: int) -> Iterator[_Done]:
    """`work` of each item, in the items' order; at most twice as many as there are threads wait to be taken.

    What `work` raises is raised in its place. Whoever stops early waits for what is under way, no longer.
    """
    if threads < 2:
        yield from map(work, items)
        return
    waiting: deque[Future[_Done]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="ahead") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) >= 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
