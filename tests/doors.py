"""The side door, as another process uses it."""

from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True, slots=True)
class Door:
    """
    Every call asserts the status it expects.

    url: of the platform.
    """

    url: str

    def get(self, path: str, /, **query: object) -> Any:
        return requests.get(f"{self.url}/sandbox/{path}", params=query, timeout=5).json()

    def post(self, path: str, expected: int = 200, /, **body: object) -> Any:
        answer = requests.post(f"{self.url}/sandbox/{path}", json=body, timeout=60)
        assert answer.status_code == expected, answer.text
        return answer.json()

    def delete(self, path: str) -> Any:
        return requests.delete(f"{self.url}/sandbox/{path}", timeout=5).json()

    def joined(self, name: str = "小林", **more: object) -> str:
        """A new user's openid."""
        return self.post("users", 201, name=name, **more)["openid"]

    def follower(self, **more: object) -> str:
        """A user who follows, with a clean phone's worth of answers behind them."""
        openid = self.joined(**more)
        self.does(openid, "follow")
        return openid

    def does(self, openid: str, what: str, expected: int = 200, /, **fields: object) -> Any:
        return self.post(f"users/{openid}/do", expected, what=what, wait=20, **fields)

    def says(self, openid: str, content: str) -> Any:
        return self.does(openid, "text", content=content)

    def hires(self, account: str = "kf1@shop", **more: object) -> str:
        return self.post("agents", 201, account=account, **more)["account"]

    def agent(self, account: str, what: str, expected: int = 200, /, **fields: object) -> Any:
        return self.post(f"agents/{account}/do", expected, what=what, **fields)

    def chat(self, openid: str) -> list[dict[str, Any]]:
        return self.get(f"users/{openid}/chat")["bubbles"]

    def desk(self, openid: str) -> list[dict[str, Any]]:
        return self.get(f"users/{openid}/desk")["bubbles"]

    def pushes(self, verdict: str = "") -> list[dict[str, Any]]:
        """Deliveries on the wire, one for each try; verdict: only those that came out so."""
        entries = [entry for entry in self.get("wire")["entries"] if entry["direction"] == "push" and entry["delivery"]]
        return [entry for entry in entries if verdict in ("", entry["verdict"])]
