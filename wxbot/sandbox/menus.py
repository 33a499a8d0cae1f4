"""The bottom menu: default, conditional, and the one made by hand in the back office (protocol 5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wxbot.sandbox.followers import Follower, Followers
from wxbot.sandbox.media import Media
from wxbot.sandbox.refusal import OK, Json, Refusal

TOP_BUTTONS, SUB_BUTTONS = 3, 5
TOP_NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
CONDITIONAL_DOMAINS = 3
DEFAULT_ID = 430011222
"""The id of the default menu; conditional ones come after it."""
_KEY_TYPES = (
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"
)  # fmt: skip
REQUIRED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_KEY_TYPES, ("key",)),
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}
"""Types of buttons and what each needs (protocol 5.2)."""
CONDITIONS = ("tag_id", "client_platform_type")
"""All that a rule may ask for since 2021 (protocol 5.4)."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The errcodes of one level (protocol 5.5)."""

    type: int
    name: int
    key: int
    url_size: int
    url: int
    misuse: int


TOP = Codes(type=40015, name=40018, key=40019, url_size=40020, url=40054, misuse=40119)
SUB = Codes(type=40024, name=40025, key=40026, url_size=40027, url=40055, misuse=40120)


@dataclass(frozen=True, slots=True)
class Conditional:
    menu_id: int
    buttons: list[Json]
    rule: dict[str, str]

    def fits(self, follower: Follower) -> bool:
        # With several tags the one that was given last counts.
        actual = {"tag_id": follower.tags[-1] if follower.tags else "", "client_platform_type": follower.client}
        return all(actual[name] == value for name, value in self.rule.items())


@dataclass(slots=True)
class Menus:
    """
    default: None until one is created by API. by_hand: made in the back office; the API shows but never touches it.
    conditional: oldest first. linked: mini programs that the account is linked with, None for any.
    """

    followers: Followers
    media: Media
    default: list[Json] | None = None
    by_hand: list[Json] | None = None
    conditional: list[Conditional] = field(default_factory=list)
    linked: set[str] | None = None
    last_id: int = DEFAULT_ID

    def create(self, request: Json) -> Json:
        self.default = self._checked(request.get("button"))
        self.by_hand = None
        return OK

    def get(self, request: Json) -> Json:
        if self.default is None:
            raise Refusal(46003, "menu no exist")
        answer: Json = {"menu": {"button": _listed(self.default)}}
        if self.conditional:
            answer["conditionalmenu"] = [
                {"button": _listed(menu.buttons), "matchrule": menu.rule, "menuid": menu.menu_id}
                for menu in self.conditional
            ]
        return answer

    def current(self, request: Json) -> Json:
        """`get_current_selfmenu_info`: its own shape, sub-menus under `sub_button.list`."""
        buttons = self.by_hand if self.default is None else self.default
        opened = [_wrapped(button) for button in buttons or []]
        return {"is_menu_open": int(bool(opened)), "selfmenu_info": {"button": opened}}

    def delete(self, request: Json) -> Json:
        """Takes the conditional menus along."""
        self.default = self.by_hand = None
        self.conditional.clear()
        return OK

    def add_conditional(self, request: Json) -> Json:
        if not request.get("button"):
            raise Refusal(65307, "conditional menu body is empty")
        if self.default is None:
            raise Refusal(65303, "there is no selfmenu, please create selfmenu first")
        rule = _rule(request.get("matchrule"))
        buttons = self._checked(request["button"])
        everywhere = [*buttons, *(button for menu in self.conditional for button in menu.buttons)]
        if len(set(_domains(everywhere))) > CONDITIONAL_DOMAINS:
            raise Refusal(65316, "the conditional menus have more than 3 domains")
        self.last_id += 1
        self.conditional.append(Conditional(self.last_id, buttons, rule))
        return {"menuid": str(self.last_id)}

    def delete_conditional(self, request: Json) -> Json:
        wanted = str(request.get("menuid", ""))
        if wanted not in {str(menu.menu_id) for menu in self.conditional}:
            raise Refusal(65301, "no such menuid")
        self.conditional = [menu for menu in self.conditional if str(menu.menu_id) != wanted]
        return OK

    def try_match(self, request: Json) -> Json:
        """What this follower sees: the newest conditional menu that fits, else the default one."""
        follower = self.followers.known.get(str(request.get("user_id", "")))
        if not follower:
            raise Refusal(65302, "no such user")
        return {"button": _listed(self.seen_by(follower))}

    def seen_by(self, follower: Follower) -> list[Json]:
        return self.shown_to(follower)[1]

    def shown_to(self, follower: Follower) -> tuple[int, list[Json]]:
        """Id and buttons of the menu on this follower's phone."""
        fitting = ((menu.menu_id, menu.buttons) for menu in reversed(self.conditional) if menu.fits(follower))
        return next(fitting, (DEFAULT_ID, self.default or self.by_hand or []))

    def view(self) -> Json:
        """As the side door tells it."""
        conditional = [{"menuid": m.menu_id, "matchrule": m.rule, "button": m.buttons} for m in self.conditional]
        return {"default": self.default, "conditional": conditional, "by_hand": self.by_hand}

    def _checked(self, buttons: Any) -> list[Json]:
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= TOP_BUTTONS:
            raise Refusal(40016, "invalid button size")
        for button in buttons:
            items = _items(button)
            if not items:
                self._check(button, TOP_NAME_BYTES, TOP)
                continue
            _check_size(button.get("name"), TOP_NAME_BYTES, TOP.name, "button name")
            if len(items) > SUB_BUTTONS:
                raise Refusal(40023, "invalid sub button size")
            for item in items:
                if _items(item):
                    raise Refusal(40022, "invalid button level")
                self._check(item, SUB_NAME_BYTES, SUB)
        return buttons

    def _check(self, button: Json, name_bytes: int, codes: Codes) -> None:
        _check_size(button.get("name"), name_bytes, codes.name, "button name")
        kind = str(button.get("type", ""))
        if kind not in REQUIRED:
            raise Refusal(codes.type, "invalid button type")
        for name in REQUIRED[kind]:
            _check_field(name, str(button.get(name) or ""), codes)
        if "media_id" in REQUIRED[kind]:
            self._check_material(button["media_id"])
        if kind == "miniprogram" and self.linked is not None and button["appid"] not in self.linked:
            raise Refusal(45064, "no permission to use weapp in menu")

    def _check_material(self, media_id: str) -> None:
        """A button may show permanent material only (protocol 5.2)."""
        if not self.media.get(media_id).permanent:
            raise Refusal(40007, "invalid media_id, permanent material is needed")


def _items(button: Any) -> list[Any]:
    if not isinstance(button, dict) or not isinstance(items := button.get("sub_button") or [], list):
        raise Refusal(47001, "data format error")
    return items


def _check_field(name: str, value: str, codes: Codes) -> None:
    if name == "key":
        _check_size(value, KEY_BYTES, codes.key, "button key")
    elif name == "url":
        _check_size(value, URL_BYTES, codes.url_size, "button url")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Refusal(codes.url, "invalid button url domain")
    elif name in ("appid", "pagepath") and not value:
        raise Refusal(codes.misuse, f"button type misuse, {name} missing")
    elif not value:
        raise Refusal(40007, f"invalid media_id hint: {name}")


def _check_size(value: Any, limit: int, code: int, what: str) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= limit:
        raise Refusal(code, f"invalid {what} size")


def _rule(rule: Any) -> dict[str, str]:
    given = {name: str(value) for name, value in rule.items() if value != ""} if isinstance(rule, dict) else {}
    if not given:
        raise Refusal(65304, "match rule empty")
    if not set(given) <= set(CONDITIONS):
        raise Refusal(65320, "conditional menu by private information is no longer allowed")
    return given


def _domains(buttons: list[Json]) -> Iterator[str]:
    for button in buttons:
        if button.get("type") == "view":
            yield urlsplit(button["url"]).hostname or ""
        yield from _domains(button.get("sub_button") or [])


def _listed(buttons: list[Json]) -> list[Json]:
    """As `menu/get` shows them: every button has a `sub_button`."""
    return [{**button, "sub_button": _listed(button.get("sub_button") or [])} for button in buttons]


def _wrapped(button: Json) -> Json:
    plain = {name: value for name, value in button.items() if name != "sub_button"}
    items = button.get("sub_button")
    return {**plain, "sub_button": {"list": items}} if items else plain
