def check_order(order: str, first: str, second: str) -> None:
    """Refuse an order of channels that is neither of the two."""
    if order != first and order != second:
        raise ValueError(
            f'order: expected "{first}" or "{second}", as the channels given are, got "{order}"'
        )
