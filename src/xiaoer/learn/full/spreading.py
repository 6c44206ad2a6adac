"""Work done in several processes at once, spread over Ray: on this machine, or on the cluster it is told to use."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import ray

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_ADDRESS = "RAY_ADDRESS"
"""Ray's own variable: the address of a cluster that is up already."""


@contextmanager
def spread(work: Callable[_Given, _Result], processes: int) -> Iterator[Callable[_Given, Future[_Result]]]:
    """Give a function that has the work done in one of so many processes, and gives what will come of it.

    Each process has one thread. On a cluster, what the work reads and writes has to lie where all its machines see it.
    """
    is_up = bool(os.environ.get(_ADDRESS))
    ray.init(
        num_cpus=None if is_up else processes,
        include_dashboard=None if is_up else False,
        configure_logging=False,
        log_to_driver=False,
    )

    def plain(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        return work(*args, **kwargs)

    try:
        elsewhere = ray.remote(num_cpus=1)(plain)

        def begun(*args: _Given.args, **kwargs: _Given.kwargs) -> Future[_Result]:
            future: Future[_Result] = elsewhere.remote(*args, **kwargs).future()
            return future

        yield begun
    finally:
        ray.shutdown()
