"""What the account may know of its followers (protocol 6.3)."""

from dataclasses import dataclass

from wxbot.sandbox.followers import Follower, Followers
from wxbot.sandbox.refusal import OK, Json, Refusal

PAGE, BATCH, REMARK_CHARACTERS = 10_000, 100, 30


@dataclass(slots=True)
class People:
    followers: Followers

    def info(self, request: Json) -> Json:
        """`user/info`."""
        return _info(self.followers.get(str(request.get("openid", ""))))

    def batch(self, request: Json) -> Json:
        """`user/info/batchget`."""
        wanted = request.get("user_list")
        if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
            raise Refusal(47001, "data format error")
        if not 1 <= len(wanted) <= BATCH:
            raise Refusal(40032, "invalid openid list size")
        return {"user_info_list": [_info(self.followers.get(str(one.get("openid", "")))) for one in wanted]}

    def page(self, request: Json) -> Json:
        """`user/get`: 10 000 openids after `next_openid`."""
        everybody = [follower.openid for follower in self.followers if follower.following]
        return {"total": len(everybody), **page_of(everybody, str(request.get("next_openid", "")))}

    def remark(self, request: Json) -> Json:
        """`user/info/updateremark`."""
        follower, remark = self.followers.get(str(request.get("openid", ""))), str(request.get("remark", ""))
        if len(remark) >= REMARK_CHARACTERS:
            raise Refusal(45002, "remark is too long")
        follower.remark = remark
        return OK


def page_of(openids: list[str], after: str) -> Json:
    """Raises Refusal 40003 where `after` is nobody."""
    if after and after not in openids:
        raise Refusal(40003, "invalid openid hint: next_openid")
    page = openids[openids.index(after) + 1 if after else 0 :][:PAGE]
    if not page:
        return {"count": 0, "next_openid": ""}
    return {"count": len(page), "data": {"openid": page}, "next_openid": page[-1]}


def _info(follower: Follower) -> Json:
    """Of somebody who does not follow nothing is told. Name, sex, city and picture are empty since 2021."""
    if not follower.following:
        return {"subscribe": 0, "openid": follower.openid, "tagid_list": []}
    number = int(follower.scene) if follower.scene.isdigit() else 0
    return {
        "subscribe": 1,
        "openid": follower.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(follower.since),
        "remark": follower.remark,
        "groupid": int(follower.tags[0]) if follower.tags else 0,
        "tagid_list": [int(tag) for tag in follower.tags],
        "subscribe_scene": follower.source,
        "qr_scene": number,
        "qr_scene_str": "" if number else follower.scene,
    }
