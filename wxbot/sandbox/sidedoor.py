"""What another process may ask of the platform: what a follower received and did, and what should go wrong."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any, get_args

from flask import Blueprint, Response, jsonify, request

from wxbot.sandbox.faults import Fault, Faults, Kind
from wxbot.sandbox.followers import TRIGGERS, Followers


def side_door(followers: Followers, faults: Faults, lock: AbstractContextManager[Any]) -> Blueprint:
    """
    Routes below `/sandbox`; no token, since the platform listens on this machine only.

    GET users/<openid>/messages?since=N → {"messages": [{"number", "at", "body"}, …]} after number N
    POST users/<openid>/did {"what": "message" | "menu" | "follow" | "scan" | "pay" | "unfollow"}
    POST faults {"path", "kind", "value", "times", "after"} · DELETE faults
    """
    door = Blueprint("sandbox", __name__, url_prefix="/sandbox")
    door.get("/users/<openid>/messages")(_messages(followers, lock))
    door.post("/users/<openid>/did")(_did(followers, lock))
    door.post("/faults")(_add_fault(faults))
    door.delete("/faults")(_clear_faults(faults))
    return door


def _messages(followers: Followers, lock: AbstractContextManager[Any]) -> Callable[[str], Response]:
    def messages(openid: str) -> Response:
        since = request.args.get("since", 0, type=int)
        with lock:
            follower = followers.known.get(openid)
            received = follower.inbox[max(0, since) :] if follower else []
        return jsonify(messages=[asdict(message) for message in received])

    return messages


def _did(followers: Followers, lock: AbstractContextManager[Any]) -> Callable[[str], tuple[Response, int]]:
    def did(openid: str) -> tuple[Response, int]:
        what = _body().get("what")
        if what not in (*TRIGGERS, "unfollow"):
            return jsonify(error=f"what: one of {', '.join(TRIGGERS)}, unfollow"), 400
        with lock:
            followers.left(openid) if what == "unfollow" else followers.did(openid, what)
        return jsonify(ok=True), 200

    return did


def _add_fault(faults: Faults) -> Callable[[], tuple[Response, int]]:
    def add_fault() -> tuple[Response, int]:
        body = _body()
        if body.get("kind") not in get_args(Kind):
            return jsonify(error=f"kind: one of {', '.join(get_args(Kind))}"), 400
        try:
            faults.add(Fault(**body))
        except TypeError:
            return jsonify(error="fields: path, kind, value, times, after"), 400
        return jsonify(ok=True), 200

    return add_fault


def _clear_faults(faults: Faults) -> Callable[[], Response]:
    def clear_faults() -> Response:
        faults.clear()
        return jsonify(ok=True)

    return clear_faults


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    return body if isinstance(body, dict) else {}
