"""`api.weixin.qq.com` over HTTP: reads requests, admits them, spoils answers on demand (protocol 4 to 6)."""

import json
import re
import time
from collections.abc import Callable

from flask import Blueprint, Response, request

from wxbot.sandbox.endpoints import Endpoint, endpoints
from wxbot.sandbox.faults import EFFECTIVE, Fault, words_of
from wxbot.sandbox.media import Binary, Upload
from wxbot.sandbox.refusal import Json, Refusal
from wxbot.sandbox.server import hang_up
from wxbot.sandbox.wirelog import Side, indented, shortened
from wxbot.sandbox.world import World

_UNICODE_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


def api(world: World) -> Blueprint:
    routes = Blueprint("api", __name__)
    for endpoint in endpoints(world):
        name = endpoint.path.replace("/", "_")
        routes.add_url_rule(f"/{endpoint.path}", name, _view(world, endpoint), methods=["GET", "POST"])
    return routes


def _view(world: World, endpoint: Endpoint) -> Callable[[], Response]:
    def view() -> Response:
        entry = world.wire.begin("api", endpoint.path, _seen_request())
        fault = world.faults.take(endpoint.path, _whose())
        takes_effect = fault is None or fault.after
        answer = _answer(world, endpoint) if takes_effect else {}
        response = _spoil(fault, answer) if fault else _response(answer)
        if fault and fault.kind == "offline":
            with world.acting():
                world.agents.leave(fault.agent)
        verdict, reason = _verdict(fault, answer)
        side = Side({"status": response.status_code}, indented(response.get_data()))
        world.wire.end(entry, verdict, reason=reason, fault=fault.kind if fault else "", response=side)
        if fault and fault.kind == "drop":
            hang_up(request.environ["werkzeug.socket"])
        return response

    return view


def _answer(world: World, endpoint: Endpoint) -> Json | Binary:
    with world.acting():
        world.calls.append(endpoint.path)
        try:
            _admit(world, endpoint)
            return endpoint.handle(_fields(endpoint))
        except Refusal as refusal:
            return refusal.answer()


def _admit(world: World, endpoint: Endpoint) -> None:
    if request.method != endpoint.method:
        raise Refusal(43001 if endpoint.method == "GET" else 43002, f"require {endpoint.method} method")
    if endpoint.token:
        world.tokens.check(request.args.get("access_token", ""))
    refused = endpoint.verified and not world.account.verified
    if refused or (endpoint.service and world.account.type != "service"):
        raise Refusal(48001, "api unauthorized")
    world.quotas.charge(endpoint.path)


def _whose() -> str:
    """The openid that the call is about, '' for none."""
    body = request.get_json(force=True, silent=True) if request.mimetype != "multipart/form-data" else None
    named = body if isinstance(body, dict) else request.args
    return str(named.get("touser") or named.get("openid") or "")


def _fields(endpoint: Endpoint) -> Json:
    """Query and body in one; uploaded files beside them."""
    if endpoint.method == "GET":
        return request.args.to_dict()
    query: Json = {name: value for name, value in request.args.items() if name != "access_token"}
    if request.mimetype == "multipart/form-data":
        files = {name: Upload(file.filename or "", file.read()) for name, file in request.files.items()}
        return {**query, **request.form.to_dict(), **files}
    # `clear_quota/v2` has it all in the query.
    return query if query and not request.get_data() else {**query, **_request_json()}


def _request_json() -> Json:
    body = request.get_data()
    if _UNICODE_ESCAPE.search(body):
        raise Refusal(40033, r"invalid charset. please check your request, if include \uxxxx will create fail!")
    try:
        parsed = json.loads(body)
    except ValueError:
        raise Refusal(47001, "data format error") from None
    if not isinstance(parsed, dict):
        raise Refusal(47001, "data format error")
    return parsed


def _spoil(fault: Fault, answer: Json | Binary) -> Response:
    """The answer as the fault leaves it."""
    match fault.kind:
        case "refuse":
            return _response(Refusal(int(fault.value), words_of(int(fault.value))).answer())
        case "slow":
            time.sleep(fault.value)
            return _response(answer)
        case "offline":
            return _response(answer)
        case "html":
            return Response("<html><body>502 Bad Gateway</body></html>", mimetype="text/html")
        case "status":
            return Response("", status=int(fault.value))
        case _:
            return Response("")


def _verdict(fault: Fault | None, answer: Json | Binary) -> tuple[str, str]:
    """`ok` or the errcode, with what WeChat says about it."""
    if fault and fault.kind == "refuse":
        return str(int(fault.value)), words_of(int(fault.value))
    if isinstance(answer, Binary) or not answer.get("errcode"):
        return ("ok", "") if fault is None or fault.kind in EFFECTIVE else (fault.kind, "")
    return str(answer["errcode"]), str(answer["errmsg"])


def _response(answer: Json | Binary) -> Response:
    if isinstance(answer, Binary):
        name = re.sub(r"[^\w.-]", "_", answer.filename, flags=re.ASCII)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(answer.content, mimetype=answer.content_type, headers=headers)
    return Response(json.dumps(answer, ensure_ascii=False), mimetype="application/json")


def _seen_request() -> Side:
    head = {"method": request.method, "url": request.base_url, "query": shortened(request.args.to_dict())}
    is_upload = request.mimetype == "multipart/form-data"
    return Side(head, f"({request.content_length} bytes)" if is_upload else indented(request.get_data()))
