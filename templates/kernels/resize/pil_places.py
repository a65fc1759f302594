def pil_places(source: int, target: int) -> list[int]:
    """The source pixel of each target pixel by Pillow's NEAREST, which adds up its places."""
    scale = source / target
    place = scale * 0.5
    places: list[int] = []
    for _ in range(target):
        places.append(min(int(place), source - 1))
        place += scale
    return places
