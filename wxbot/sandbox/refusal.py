"""How WeChat says no."""

import secrets
from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """An errcode with its message, as the answer to an API call (protocol 4.3, 4.4, 5.5, 6.1)."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message = code, message

    def answer(self) -> Json:
        rid = "-".join(secrets.token_hex(4) for _ in range(3))
        return {"errcode": self.code, "errmsg": f"{self.message} rid: {rid}"}


OK: Json = {"errcode": 0, "errmsg": "ok"}
