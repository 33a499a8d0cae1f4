"""The calls of WeChat's API, and the rooms that answer them (protocol 4.2, 4.4, 5.1, 6)."""

from collections.abc import Callable
from dataclasses import dataclass

from wxbot.sandbox.media import Binary
from wxbot.sandbox.refusal import Json, Refusal
from wxbot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    One call of the API.

    handle: gets query, JSON body or uploaded files, gives the answer, or raises Refusal. token: whether the call needs
    one. verified: whether only verified accounts may make it. service: whether only service accounts may.
    """

    method: str
    path: str
    handle: Callable[[Json], Json | Binary]
    token: bool = True
    verified: bool = False
    service: bool = False


def endpoints(world: World) -> tuple[Endpoint, ...]:
    return (*_basic(world), *_menus(world), *_messages(world), *_desk(world), *_media(world), *_followers(world))


def _basic(world: World) -> tuple[Endpoint, ...]:
    tokens, quotas, oauth = world.tokens, world.quotas, world.oauth
    return (
        Endpoint("GET", "cgi-bin/token", tokens.give_plain, token=False),
        Endpoint("POST", "cgi-bin/stable_token", tokens.give_stable, token=False),
        Endpoint("GET", "cgi-bin/getcallbackip", lambda _: {"ip_list": ["127.0.0.1"]}),
        Endpoint("GET", "cgi-bin/get_api_domain_ip", lambda _: {"ip_list": ["127.0.0.1"]}),
        Endpoint("POST", "cgi-bin/callback/check", lambda request: _callback_check(world, request)),
        Endpoint("POST", "cgi-bin/clear_quota", quotas.clear),
        Endpoint("POST", "cgi-bin/clear_quota/v2", quotas.clear_by_secret, token=False),
        Endpoint("POST", "cgi-bin/openapi/quota/get", quotas.told),
        Endpoint("GET", "sns/oauth2/access_token", oauth.exchange, token=False, verified=True, service=True),
        Endpoint("GET", "sns/oauth2/refresh_token", oauth.refresh, token=False, verified=True, service=True),
        Endpoint("GET", "sns/userinfo", oauth.user_info, token=False, verified=True, service=True),
        Endpoint("GET", "sns/auth", oauth.check, token=False, verified=True, service=True),
    )


def _menus(world: World) -> tuple[Endpoint, ...]:
    menus = world.menus
    return (
        Endpoint("POST", "cgi-bin/menu/create", menus.create, verified=True),
        Endpoint("GET", "cgi-bin/menu/get", menus.get, verified=True),
        Endpoint("GET", "cgi-bin/menu/delete", menus.delete, verified=True),
        Endpoint("POST", "cgi-bin/menu/addconditional", menus.add_conditional, verified=True),
        Endpoint("POST", "cgi-bin/menu/delconditional", menus.delete_conditional, verified=True),
        Endpoint("POST", "cgi-bin/menu/trymatch", menus.try_match, verified=True),
        Endpoint("GET", "cgi-bin/get_current_selfmenu_info", menus.current),
        Endpoint("GET", "cgi-bin/get_current_autoreply_info", lambda _: _autoreplies(world)),
    )


def _messages(world: World) -> tuple[Endpoint, ...]:
    templates = world.templates
    return (
        Endpoint("POST", "cgi-bin/message/custom/send", world.messages.send, verified=True),
        Endpoint("POST", "cgi-bin/message/custom/typing", world.typing, verified=True),
        Endpoint("POST", "cgi-bin/message/template/send", templates.send, verified=True, service=True),
        Endpoint("GET", "cgi-bin/template/get_all_private_template", templates.list_all, verified=True, service=True),
        Endpoint("POST", "cgi-bin/template/del_private_template", templates.delete, verified=True, service=True),
    )


def _desk(world: World) -> tuple[Endpoint, ...]:
    agents, desk = world.agents, world.desk
    return (
        Endpoint("GET", "cgi-bin/customservice/getkflist", agents.list_all, verified=True),
        Endpoint("GET", "cgi-bin/customservice/getonlinekflist", agents.list_online, verified=True),
        Endpoint("POST", "customservice/kfaccount/add", agents.add, verified=True),
        Endpoint("POST", "customservice/kfaccount/update", agents.update, verified=True),
        Endpoint("GET", "customservice/kfaccount/del", agents.delete, verified=True),
        Endpoint("POST", "customservice/kfaccount/inviteworker", agents.invite, verified=True),
        Endpoint("POST", "customservice/kfaccount/uploadheadimg", agents.set_picture, verified=True),
        Endpoint("POST", "customservice/kfsession/create", desk.create, verified=True),
        Endpoint("POST", "customservice/kfsession/close", desk.close_by_api, verified=True),
        Endpoint("GET", "customservice/kfsession/getsession", desk.session, verified=True),
        Endpoint("GET", "customservice/kfsession/getsessionlist", desk.session_list, verified=True),
        Endpoint("GET", "customservice/kfsession/getwaitcase", desk.queue_list, verified=True),
        Endpoint("POST", "customservice/msgrecord/getmsglist", world.records.page, verified=True),
    )


def _media(world: World) -> tuple[Endpoint, ...]:
    media = world.media
    return (
        Endpoint("POST", "cgi-bin/media/upload", media.upload),
        Endpoint("GET", "cgi-bin/media/get", media.download),
        Endpoint("POST", "cgi-bin/media/uploadimg", media.upload_image),
        Endpoint("POST", "cgi-bin/material/add_material", media.add_material),
        Endpoint("POST", "cgi-bin/material/get_material", media.get_material),
        Endpoint("POST", "cgi-bin/material/del_material", media.delete_material),
        Endpoint("POST", "cgi-bin/material/batchget_material", media.list_materials),
        Endpoint("GET", "cgi-bin/material/get_materialcount", media.count_materials),
    )


def _followers(world: World) -> tuple[Endpoint, ...]:
    people, tags = world.people, world.tags
    return (
        Endpoint("GET", "cgi-bin/user/info", people.info, verified=True),
        Endpoint("POST", "cgi-bin/user/info/batchget", people.batch, verified=True),
        Endpoint("POST", "cgi-bin/user/info/updateremark", people.remark, verified=True),
        Endpoint("GET", "cgi-bin/user/get", people.page, verified=True),
        Endpoint("POST", "cgi-bin/tags/create", tags.create, verified=True),
        Endpoint("GET", "cgi-bin/tags/get", tags.list_all, verified=True),
        Endpoint("POST", "cgi-bin/tags/update", tags.update, verified=True),
        Endpoint("POST", "cgi-bin/tags/delete", tags.delete, verified=True),
        Endpoint("POST", "cgi-bin/tags/members/batchtagging", tags.add_members, verified=True),
        Endpoint("POST", "cgi-bin/tags/members/batchuntagging", tags.remove_members, verified=True),
        Endpoint("POST", "cgi-bin/tags/getidlist", tags.of_user, verified=True),
        Endpoint("POST", "cgi-bin/user/tag/get", tags.members, verified=True),
        Endpoint("POST", "cgi-bin/qrcode/create", world.qrcodes.create, verified=True),
    )


def _callback_check(world: World, request: Json) -> Json:
    """`callback/check`: the way to the bot, which is short here (protocol 6.1)."""
    if not world.account.addresses:
        raise Refusal(40201, "invalid url, the callback url is not configured")
    if request.get("action") not in ("dns", "ping", "all"):
        raise Refusal(40202, "invalid action")
    if request.get("check_operator", "DEFAULT") not in ("DEFAULT", "CHINANET", "UNICOM", "CAP"):
        raise Refusal(40203, "invalid check_operator")
    dns = [{"ip": "127.0.0.1", "real_operator": "DEFAULT"}]
    ping = [{"ip": "127.0.0.1", "from_operator": "DEFAULT", "package_loss": "0%", "time": "0.040ms"}]
    wanted = {"dns": dns, "ping": ping}
    return wanted if request["action"] == "all" else {request["action"]: wanted[request["action"]]}


def _autoreplies(world: World) -> Json:
    """`get_current_autoreply_info`: what was made by hand in the back office."""
    return {"is_add_friend_reply_open": 0, "is_autoreply_open": 0, **world.autoreplies}
