def border_places(size: int, before: int, to: int, mode: str) -> list[int]:
    """For each place of a padded axis the one it repeats: edge, reflect or symmetric."""
    found: list[int] = []
    for i in range(-before, to - before):
        if mode == "edge" or size == 1:
            place = min(max(i, 0), size - 1)
        elif mode == "reflect":
            place = i % (2 * size - 2)
            place = min(place, 2 * size - 2 - place)
        else:
            place = i % (2 * size)
            place = min(place, 2 * size - 1 - place)
        found.append(place)
    return found
