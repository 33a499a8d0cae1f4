"""The tags that an account gives its followers (protocol 6.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wxbot.sandbox.followers import Follower, Followers
from wxbot.sandbox.people import page_of
from wxbot.sandbox.refusal import OK, Json, Refusal

TAGS, NAME_BYTES, BATCH, TAGS_A_USER = 100, 30, 50, 20
SYSTEM = (0, 1, 2)
"""Ids that WeChat owns; 2 is the star."""
FIRST = 100


@dataclass(slots=True)
class Tags:
    """known: id → name."""

    followers: Followers
    known: dict[int, str] = field(default_factory=dict)

    def create(self, request: Json) -> Json:
        name = self._free_name(request)
        if len(self.known) >= TAGS:
            raise Refusal(45056, "too many tags")
        return {"tag": {"id": self._add(name), "name": name}}

    def list_all(self, request: Json) -> Json:
        """`tags/get`: the star first, as WeChat has it."""
        star = {"id": 2, "name": "星标组", "count": len(self._wearing("2"))}
        return {"tags": [star, *self.view()]}

    def update(self, request: Json) -> Json:
        number = self._own(_tag(request).get("id"))
        self.known[number] = self._free_name(request, but=number)
        self._touch(self._wearing(str(number)))
        return OK

    def delete(self, request: Json) -> Json:
        number = self._own(_tag(request).get("id"))
        wearing = self._wearing(str(number))
        for follower in wearing:
            follower.tags.remove(str(number))
        del self.known[number]
        self._touch(wearing)
        return OK

    def add_members(self, request: Json) -> Json:
        """`tags/members/batchtagging`."""
        tag, members = self._members(request)
        if any(tag not in member.tags and len(member.tags) >= TAGS_A_USER for member in members):
            raise Refusal(45059, "the user has too many tags")
        for member in members:
            self._wear(member, tag)
        return OK

    def remove_members(self, request: Json) -> Json:
        """`tags/members/batchuntagging`."""
        tag, members = self._members(request)
        for member in members:
            if tag in member.tags:
                member.tags.remove(tag)
        self._touch(members)
        return OK

    def members(self, request: Json) -> Json:
        """`user/tag/get`."""
        number = self._existing(request.get("tagid"))
        openids = [follower.openid for follower in self._wearing(str(number))]
        return page_of(openids, str(request.get("next_openid") or ""))

    def of_user(self, request: Json) -> Json:
        """`tags/getidlist`."""
        return {"tagid_list": [int(tag) for tag in self.followers.get(str(request.get("openid", ""))).tags]}

    # For the side door

    def view(self) -> list[Json]:
        return [
            {"id": number, "name": name, "count": len(self._wearing(str(number)))}
            for number, name in self.known.items()
        ]

    def names_of(self, follower: Follower) -> list[Json]:
        return [{"id": int(tag), "name": self.known.get(int(tag), "星标组")} for tag in follower.tags]

    def replace(self, follower: Follower, tags: Iterable[str | int]) -> None:
        """Give the follower exactly these tags, by name or id; unknown ones are created."""
        follower.tags.clear()
        for tag in tags:
            self._wear(follower, str(self._number_of(tag)))
        self._touch([follower])

    def _number_of(self, tag: str | int) -> int:
        if isinstance(tag, int):
            if tag not in self.known and tag not in SYSTEM:
                self.known[tag] = f"标签{tag}"
            return tag
        ids = {name: number for number, name in self.known.items()}
        return ids[tag] if tag in ids else self._add(tag)

    def _add(self, name: str) -> int:
        number = max(self.known, default=FIRST - 1) + 1
        self.known[number] = name
        return number

    def _wear(self, follower: Follower, tag: str) -> None:
        # The one that was given last counts for conditional menus (protocol 5.4).
        if tag not in follower.tags:
            follower.tags.append(tag)
        self._touch([follower])

    def _wearing(self, tag: str) -> list[Follower]:
        return [follower for follower in self.followers if tag in follower.tags]

    def _touch(self, followers: Iterable[Follower]) -> None:
        self.followers.touched.update(follower.openid for follower in followers)

    def _free_name(self, request: Json, but: int = -1) -> str:
        name = _tag(request).get("name")
        if not isinstance(name, str) or not name:
            raise Refusal(45157, "invalid tag name")
        if len(name.encode()) > NAME_BYTES:
            raise Refusal(45158, "tag name is longer than 30 bytes")
        if name in [taken for number, taken in self.known.items() if number != but]:
            raise Refusal(45157, "the tag name exists already")
        return name

    def _existing(self, number: object) -> int:
        if not isinstance(number, int) or (number not in self.known and number not in SYSTEM):
            raise Refusal(45159, "invalid tag id")
        return number

    def _own(self, number: object) -> int:
        if number in SYSTEM:
            raise Refusal(45058, "can't modify sys tag")
        return self._existing(number)

    def _members(self, request: Json) -> tuple[str, list[Follower]]:
        openids = request.get("openid_list")
        if not isinstance(openids, list) or not 1 <= len(openids) <= BATCH:
            raise Refusal(40032, "invalid openid list size")
        tag = str(self._existing(request.get("tagid")))
        if not all(openid in self.followers.known for openid in openids):
            raise Refusal(49003, "the openid does not belong to this appid")
        return tag, [self.followers.known[openid] for openid in openids]


def _tag(request: Json) -> Json:
    tag = request.get("tag")
    if not isinstance(tag, dict):
        raise Refusal(47001, "data format error")
    return tag
