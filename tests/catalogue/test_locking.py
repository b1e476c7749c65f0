"""A lock by name in PostgreSQL: for writers to a store that keeps no conditions."""

import threading

import pytest

from catalogue import Catalogue


def test_one_at_a_time_of_a_name_and_others_beside_it(catalogue: Catalogue) -> None:
    inside, most = 0, 0
    counting = threading.Lock()

    def hold(name: str) -> None:
        nonlocal inside, most
        with catalogue.lock(name):
            with counting:
                inside += 1
                most = max(most, inside)
            catalogue.counts()
            with counting:
                inside -= 1

    threads = [threading.Thread(target=hold, args=("v1/led/alpha/0000000001.json",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    with catalogue.lock("one"), catalogue.lock("another"):
        pass


def test_what_is_raised_inside_lets_go(catalogue: Catalogue) -> None:
    with pytest.raises(RuntimeError), catalogue.lock("one"):
        raise RuntimeError("inside")
    with catalogue.lock("one"):
        pass
