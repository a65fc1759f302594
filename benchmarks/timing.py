"""How calls are timed: warm and cold.

In each round every contestant has one turn, in an order drawn anew: a call that is not timed, then
timed calls for some milliseconds. So whatever slows the machine for a while slows all of them.
These calls are warm: one picture, over and over, with its tables and its code in the caches.

Cold calls are as a service has them. They are made in each round, too, on each of several pictures
in turn, one call a contestant, and before each call other work goes through the caches.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

Call = Callable[[], Any]
OTHER_WORK = 16_000_000
"""Bytes that are copied between two cold calls: many times what a core has of caches of its own."""


def timed(call: Call) -> float:
    """Milliseconds; what the call gives is thrown away after the clock has stopped."""
    start = perf_counter()
    result = call()
    ms = 1e3 * (perf_counter() - start)
    del result
    return ms


def turn(call: Call, seconds: float) -> list[float]:
    """The times of the calls of one turn; one call that fills it needs no other before it."""
    first = timed(call)
    if first > 1e3 * seconds > 0:
        return [first]
    times: list[float] = []
    end = perf_counter() + seconds
    while not times or perf_counter() < end:
        times.append(timed(call))
    return times


def other_work() -> Call:
    """What a service does between two pictures: it moves memory, and multiplies matrices."""
    source, target = np.ones((2, OTHER_WORK), np.uint8)
    matrix = np.ones((128, 128), np.float32)

    def run() -> None:
        np.copyto(target, source)
        np.dot(matrix, matrix)

    return run


def measured(
    calls: dict[str, list[Call]], rounds: int, seconds: float
) -> tuple[dict[str, list[list[float]]], dict[str, list[float]]]:
    """By contestant the warm times of each turn, and the cold ones of all."""
    warm: dict[str, list[list[float]]] = {name: [] for name in calls}
    cold: dict[str, list[float]] = {name: [] for name in calls}
    order = list(calls)
    count = max(map(len, calls.values()), default=0)
    drawn = random.Random(0)
    between = other_work()
    for _ in range(rounds):
        drawn.shuffle(order)
        gc.collect()
        gc.disable()
        for name in order:
            warm[name].append(turn(calls[name][0], seconds))
        for i in range(count if count > 1 else 0):
            for name in order:
                between()
                cold[name].append(timed(calls[name][i]))
        gc.enable()
    return warm, cold
