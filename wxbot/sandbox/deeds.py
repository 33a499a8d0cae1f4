"""What a user can do with a phone, and what WeChat makes of it (protocol 2.2, 2.3, 4.4)."""

from collections.abc import Callable

from wxbot.sandbox import bubbles, contents, taps
from wxbot.sandbox.chat import Content
from wxbot.sandbox.denied import impossible, wrong
from wxbot.sandbox.followers import Follower, Trigger
from wxbot.sandbox.media import Medium, sample
from wxbot.sandbox.refusal import Json
from wxbot.sandbox.sending import Done, Wish, find, send, send_image, send_location
from wxbot.sandbox.world import World


def do(world: World, openid: str, request: Json) -> Done:
    """
    Do it; used inside `World.acting`.

    Raises:
        Denied: the request is wrong, or the user cannot do that now.
    """
    what, follower = request.get("what"), find(world, openid)
    deed = DEEDS.get(str(what))
    if not deed:
        raise wrong(f"what: one of {', '.join(DEEDS)}")
    if not follower.following and what not in ("follow", "scan", "pay"):
        raise impossible("the user does not follow")
    return deed(world, follower, Wish(request))


# Coming and going


def _follow(world: World, follower: Follower, wish: Wish) -> Done:
    if follower.following:
        raise impossible("the user follows already")
    scene = _scene(world, wish)
    if scene:
        return _follow_by_code(world, follower, scene)
    world.followers.did(follower.openid, "follow")
    follower.source, follower.scene = "ADD_SCENE_SEARCH", ""
    world.chats.note(follower.openid, "followed", "已关注")
    return Done((world.caused(follower.openid, contents.follow()),))


def _follow_by_code(world: World, follower: Follower, scene: str) -> Done:
    world.followers.did(follower.openid, "follow")
    world.followers.did(follower.openid, "scan")
    follower.source, follower.scene = "ADD_SCENE_QR_CODE", scene
    world.chats.note(follower.openid, "followed", f"扫码关注：{scene}")
    return Done((world.caused(follower.openid, contents.follow(scene, world.qrcodes.of_scene(scene).ticket)),))


def _unfollow(world: World, follower: Follower, wish: Wish) -> Done:
    world.followers.left(follower.openid)
    world.desk.forget(follower.openid)
    world.chats.note(follower.openid, "unfollowed", "已取消关注")
    return Done((world.report(follower.openid, contents.unfollow()),))


def _scan(world: World, follower: Follower, wish: Wish) -> Done:
    scene = _scene(world, wish)
    if not scene:
        raise wrong("scene or ticket: missing")
    if not follower.following:
        return _follow_by_code(world, follower, scene)
    world.followers.did(follower.openid, "scan")
    world.chats.note(follower.openid, "scanned", f"扫码：{scene}")
    return Done((world.caused(follower.openid, contents.scan(scene, world.qrcodes.of_scene(scene).ticket)),))


def _scene(world: World, wish: Wish) -> str:
    ticket = wish.words("ticket", "")
    if not ticket:
        return wish.words("scene", "")
    code = world.qrcodes.find(ticket)
    if not code:
        raise impossible("the QR code has ended or never was")
    return code.scene


def _pay(world: World, follower: Follower, wish: Wish) -> Done:
    world.followers.did(follower.openid, "pay")
    return Done()


# Messages


def _text(world: World, follower: Follower, wish: Wish) -> Done:
    words = wish.words("content")
    return send(world, follower, bubbles.text(words), contents.text(words))


def _tap(world: World, follower: Follower, wish: Wish) -> Done:
    words, tap_id = wish.words("content"), wish.words("id")
    # Tencent says so of menu messages only; of links nothing is known (2.2).
    trigger: Trigger = "menu" if _is_entry(world, follower, words, tap_id) else "message"
    return send(world, follower, bubbles.text(words), contents.text(words, tap_id), trigger)


def _is_entry(world: World, follower: Follower, words: str, tap_id: str) -> bool:
    menus = [b.content.fields for b in world.chats.since(follower.openid, 0) if b.content.kind == "msgmenu"]
    return any({"id": tap_id, "content": words} in menu["entries"] for menu in menus)


def _sticker(world: World, follower: Follower, wish: Wish) -> Done:
    return send(world, follower, Content("sticker"), contents.text(contents.UNSUPPORTED))


def _image(world: World, follower: Follower, wish: Wish) -> Done:
    return send_image(world, follower, _medium(world, wish, "image"))


def _voice(world: World, follower: Follower, wish: Wish) -> Done:
    medium, sharper = (_medium(world, wish, "voice") for _ in range(2))
    heard = wish.words("recognition", "")
    content = bubbles.medium("voice", medium.media_id, recognition=heard)
    return send(world, follower, content, contents.voice(medium.media_id, heard, sharper.media_id))


def _video(world: World, follower: Follower, wish: Wish) -> Done:
    medium = _medium(world, wish, "video")
    thumb = wish.words("thumb", "") or world.media.keep("thumb", sample("image")).media_id
    content = bubbles.medium("video", medium.media_id, title="", description="")
    return send(world, follower, content, contents.video(medium.media_id, thumb))


def _location(world: World, follower: Follower, wish: Wish) -> Done:
    latitude, longitude, label = wish.words("latitude"), wish.words("longitude"), wish.words("label", "")
    return send_location(world, follower, latitude, longitude, label)


def _link(world: World, follower: Follower, wish: Wish) -> Done:
    fields = {"title": wish.words("title"), "url": wish.words("url"), "description": wish.words("description", "")}
    return send(world, follower, Content("link", {**fields}), contents.link(**fields))


def _file(world: World, follower: Follower, wish: Wish) -> Done:
    title = wish.words("title")
    return send(world, follower, Content("file", {"title": title}), contents.file(title))


def _report(world: World, follower: Follower, wish: Wish) -> Done:
    fields = contents.location_report(wish.words("latitude"), wish.words("longitude"))
    return Done((world.report(follower.openid, fields),))


def _medium(world: World, wish: Wish, kind: str) -> Medium:
    if media_id := wish.words("media_id", ""):
        medium = world.media.find(media_id)
        if not medium:
            raise impossible("the media id has expired or never was")
        return medium
    return world.media.keep(kind, wish.data(kind), wish.words("filename", kind))


DEEDS: dict[str, Callable[[World, Follower, Wish], Done]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "scan": _scan,
    "text": _text,
    "tap": _tap,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "location": _location,
    "link": _link,
    "file": _file,
    "sticker": _sticker,
    "report": _report,
    "pay": _pay,
    "menu": taps.press,
}
