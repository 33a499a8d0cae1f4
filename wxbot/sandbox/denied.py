"""How the side door says no."""


class Denied(Exception):
    """status: 400 the request is wrong, 404 nobody of that name, 409 not possible now. Its text is for engineers."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def wrong(reason: str) -> Denied:
    return Denied(400, reason)


def unknown(reason: str) -> Denied:
    return Denied(404, reason)


def impossible(reason: str) -> Denied:
    return Denied(409, reason)
