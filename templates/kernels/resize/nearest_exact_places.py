def nearest_exact_places(source: int, target: int) -> list[int]:
    """The source index under the centre of each target pixel, counted from the first one on."""
    step = source / target
    place = step * 0.5
    found: list[int] = []
    for _ in range(target):
        found.append(min(int(place), source - 1))
        place += step
    return found
