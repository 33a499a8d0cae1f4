"""Media as staff are told of them."""

from collections.abc import Mapping

from wxbot.domain.ticket import Loss, Media

_KINDS = {"image": "图片", "voice": "语音", "video": "视频"}
_LOSSES: Mapping[Loss, str] = {
    "expired": "没有保存下来：已过期",
    "refused": "没有保存下来：微信不让取",
    "unfit": "没有保存下来：文件打不开，或者不是这一类文件",
    "too-big": "没有保存下来：文件太大",
    "unreachable": "没有保存下来：三天里一直没有取到",
    "outlived": "过了保存期限，已经删除",
}


def media_line(medium: Media) -> str:
    """What it is, and where below `WXBOT_MEDIA` and the account; or why it is not there."""
    place = _LOSSES[medium.loss] if medium.loss else medium.path or "还没有保存下来"
    return f"[{_KINDS[medium.kind]}] {place}"
