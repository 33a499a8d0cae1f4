"""What another process may see and do on the platform; the contract is docs/rehearsal.md."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from wxbot.sandbox import backoffice, deeds, staff
from wxbot.sandbox.chat import Chats
from wxbot.sandbox.denied import Denied, unknown, wrong
from wxbot.sandbox.faults import FOREVER, read_fault
from wxbot.sandbox.refusal import Json, Refusal
from wxbot.sandbox.sending import find
from wxbot.sandbox.world import World

LONGEST_WAIT_S = 60.0
LOCAL = ("127.0.0.1", "localhost")

Answer = tuple[Response, int]


def side_door(world: World) -> Blueprint:
    """Routes below `/sandbox`; no token, since the platform listens on this machine only."""
    door = Blueprint("sandbox", __name__, url_prefix="/sandbox")
    door.before_request(_keep_strangers_out)
    door.errorhandler(Denied)(_denied)
    door.errorhandler(Refusal)(_refused)
    for add in (_watching, _users, _agents, _weather, _account):
        add(door, world)
    return door


def _watching(door: Blueprint, world: World) -> None:
    @door.get("/state")
    def state() -> Response:
        with world.acting():
            return jsonify(world.board.state())

    @door.get("/wire")
    def wire() -> Response:
        return jsonify(entries=[entry.view() for entry in world.wire.since(_since())])

    @door.get("/events")
    def events() -> Response:
        last_seen = request.headers.get("Last-Event-ID", "")
        since = int(last_seen) if last_seen.isdigit() else request.args.get("since", world.bus.last, type=int)
        return Response(_stream(world, since), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    @door.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        with world.acting():
            medium = world.media.find(media_id)
        if not medium:
            raise unknown("the media id has expired or never was")
        return Response(medium.content, mimetype=medium.content_type, headers={"X-Content-Type-Options": "nosniff"})


def _users(door: Blueprint, world: World) -> None:
    @door.post("/users")
    def join() -> Answer:
        with world.acting():
            follower = backoffice.join(world, _body())
            return jsonify(world.board.user(follower)), 201

    @door.get("/users/<openid>")
    def user(openid: str) -> Response:
        with world.acting():
            return jsonify(world.board.user(find(world, openid)))

    @door.post("/users/<openid>")
    def change(openid: str) -> Response:
        with world.acting():
            follower = find(world, openid)
            backoffice.change(world, follower, _body())
            return jsonify(world.board.user(follower))

    @door.get("/users/<openid>/chat")
    def chat(openid: str) -> Response:
        return _bubbles(world, openid, world.chats)

    @door.get("/users/<openid>/desk")
    def desk(openid: str) -> Response:
        return _bubbles(world, openid, world.desk_chats)

    @door.post("/users/<openid>/do")
    def do(openid: str) -> Response:
        body = _body()
        wait_s = backoffice.seconds(body, "wait", 0)
        with world.acting():
            before = world.chats.last(openid)
            done = deeds.do(world, openid, body)
        for letter in done.letters:
            letter.done.wait(min(wait_s, LONGEST_WAIT_S))
        with world.acting():
            bubbles = [bubble.view() for bubble in world.chats.since(openid, before)]
        last = done.letters[-1] if done.letters else None
        told = {"delivery": last.number if last else None, "tries": last.tries if last else 0}
        return jsonify({**told, "outcome": done.outcome, "bubbles": bubbles, "chat": before + len(bubbles)})


def _agents(door: Blueprint, world: World) -> None:
    @door.post("/agents")
    def hire() -> Answer:
        with world.acting():
            return jsonify(world.board.agent(staff.hire(world, _body()))), 201

    @door.post("/queue")
    def fill_queue() -> Answer:
        with world.acting():
            return jsonify(openids=backoffice.fill_queue(world, _body())), 201

    @door.delete("/agents/<account>")
    def dismiss(account: str) -> Response:
        with world.acting():
            world.agents.dismiss(staff.find(world, account).account)
        return jsonify(ok=True)

    @door.post("/agents/<account>/do")
    def order(account: str) -> Response:
        with world.acting():
            return jsonify(world.board.agent(staff.do(world, account, _body())))


def _weather(door: Blueprint, world: World) -> None:
    @door.get("/clock")
    def clock() -> Response:
        return jsonify(world.board.clock())

    @door.post("/clock")
    def set_clock() -> Response:
        with world.acting():
            backoffice.set_clock(world, _body())
            world.alarms.recheck()
        # Entering again lets happen what has become due.
        with world.acting():
            return jsonify(world.board.clock())

    @door.post("/quotas")
    def set_quota() -> Response:
        with world.acting():
            backoffice.set_quota(world, _body())
        return jsonify(ok=True)

    @door.get("/faults")
    def faults() -> Response:
        return jsonify(faults=world.faults.view())

    @door.post("/faults")
    def add_fault() -> Response:
        with world.acting():
            try:
                fault = read_fault(_body(), world.clock())
            except ValueError as error:
                raise wrong(str(error)) from None
            world.faults.add(fault)
            if fault.until < FOREVER:
                world.alarms.at(fault.until, lambda: None)  # so that its end is told in time
        return faults()

    @door.delete("/faults")
    def clear_faults() -> Response:
        with world.acting():
            world.faults.clear()
        return faults()

    @door.delete("/faults/<int:number>")
    def end_fault(number: int) -> Response:
        with world.acting():
            world.faults.end(number)
        return faults()


def _account(door: Blueprint, world: World) -> None:
    @door.get("/account")
    def account() -> Response:
        return jsonify(world.board.account())

    @door.post("/account")
    def change_account() -> Response:
        with world.acting():
            backoffice.change_account(world, _body())
        return account()

    @door.post("/verify")
    def verify() -> Response:
        backoffice.verify(world)
        return jsonify(url_checked=True)

    @door.post("/menu")
    def menu() -> Response:
        return _change(lambda body: backoffice.make_menu(world, body))

    @door.post("/media")
    def add_medium() -> Response:
        return _change(lambda body: backoffice.add_medium(world, body))

    @door.post("/autoreplies")
    def autoreplies() -> Response:
        return _change(lambda body: setattr(world, "autoreplies", body))

    @door.post("/templates")
    def template() -> Answer:
        with world.acting():
            return jsonify(backoffice.add_template(world, _body()).view()), 201

    @door.post("/reset")
    def reset() -> Response:
        return _change(lambda _: world.forget_everybody())

    def _change(act: Callable[[Json], object]) -> Response:
        with world.acting():
            act(_body())
        return jsonify(ok=True)


def _bubbles(world: World, openid: str, chats: Chats) -> Response:
    with world.acting():
        find(world, openid)
        return jsonify(bubbles=[bubble.view() for bubble in chats.since(openid, _since())])


def _stream(world: World, since: int) -> Iterator[str]:
    yield ": wxbot\n\n"
    for event in world.bus.stream(since):
        if event is None:
            yield ": \n\n"
        else:
            data = json.dumps(event.data, ensure_ascii=False)
            yield f"id: {event.number}\nevent: {event.name}\ndata: {data}\n\n"


def _keep_strangers_out() -> None:
    """A page of another site in the same browser may not act here, nor one that has bent its name to this address."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise Denied(403, "the request comes from another site")
    if urlsplit(f"//{request.host}").hostname not in LOCAL:
        raise Denied(403, "the platform is on this machine only")


def _denied(denied: Denied) -> Answer:
    return jsonify(error=str(denied)), denied.status


def _refused(refusal: Refusal) -> Answer:
    return jsonify(error=str(refusal)), 409


def _since() -> int:
    return request.args.get("since", 0, type=int)


def _body() -> dict[str, Any]:
    """Raises Denied where the request has a body that is no JSON object."""
    if not request.get_data():
        return {}
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise wrong("the body has to be a JSON object")
    return body
