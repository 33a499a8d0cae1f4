"""Pictures, voices and videos of an import: fetched, kept beside the answers, stored for good with WeChat."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wxbot.adapters.wechat.api import WeChatApi
from wxbot.errors import WeChatError
from wxbot.service.answer_table import unused
from wxbot.service.takeover import Carried, Medium, Plan

FOLDER = "media"
_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/mp3": ".mp3",
    "video/mp4": ".mp4",
}
_USUAL = {"image": ".jpg", "voice": ".amr", "video": ".mp4"}
_BY_HAND = "请在公众平台后台的素材库里上传，再把 media_id 写进答案"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is to be kept. file: its name, relative to the content folder."""

    file: str
    content: bytes

    @property
    def stand_in(self) -> str:
        """For the media id that it will have."""
        return f"（写入时上传 {self.file}，得到的编号）"


Media = Mapping[Medium, Fetched | Carried]


def fetch(api: WeChatApi, media: Iterable[Medium], folder: Path) -> Media:
    """All of them; those that cannot be had come with the reason."""
    found: dict[Medium, Fetched | Carried] = {}
    planned: set[str] = set()
    for medium in media:
        try:
            file = api.media(medium.source)
        except WeChatError as error:
            found[medium] = Carried(why=f"文件取不到（{error}）。{_BY_HAND}")
            continue
        name = _name(medium, _SUFFIXES.get(file.content_type, _USUAL[medium.kind]), folder, planned)
        planned.add(name)
        found[medium] = Fetched(name, file.content)
    return found


def drafted(media: Media) -> dict[Medium, Carried]:
    """As if all had been stored."""
    return {
        medium: Carried(one.stand_in, file=one.file) if isinstance(one, Fetched) else one
        for medium, one in media.items()
    }


def used(draft: Plan, media: Media) -> Media:
    """Those that the drafted answers show, or that could not be had."""
    parts = [part for taken in draft.answers for part in taken.parts if not isinstance(part, str)]
    shown = [value for part in parts for value in part.values()]
    return {medium: one for medium, one in media.items() if not isinstance(one, Fetched) or one.stand_in in shown}


def files_of(media: Media) -> list[str]:
    return [one.file for one in media.values() if isinstance(one, Fetched)]


def keep(media: Media, folder: Path) -> None:
    """Write the files."""
    for one in media.values():
        if isinstance(one, Fetched):
            path = folder / one.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.content)


def left(media: Media) -> dict[Medium, Carried]:
    """To people: the files are kept, and none is stored with WeChat."""
    return {
        medium: Carried(why=f"文件存在 {one.file}，没有上传。{_BY_HAND}") if isinstance(one, Fetched) else one
        for medium, one in media.items()
    }


def stored(api: WeChatApi, media: Media) -> dict[Medium, Carried]:
    """With permanent ids, as answers need them: those of the back office are good for three days (protocol 6.2)."""
    return {medium: _stored(api, medium, one) if isinstance(one, Fetched) else one for medium, one in media.items()}


def _stored(api: WeChatApi, medium: Medium, one: Fetched) -> Carried:
    try:
        name = Path(one.file).name
        return Carried(api.material_add(medium.kind, name, one.content, Path(name).stem), file=one.file)
    except WeChatError as error:
        return Carried(why=f"文件存在 {one.file}，传进素材库没有成功（{error}）。{_BY_HAND}")


def _name(medium: Medium, suffix: str, folder: Path, planned: set[str]) -> str:
    def name(stem: str) -> str:
        return f"{FOLDER}/{stem}{suffix}"

    return name(unused(f"imported-{medium.kind}", lambda stem: name(stem) in planned or (folder / name(stem)).exists()))
