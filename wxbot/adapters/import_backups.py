"""What an import has changed, kept so that it can be taken back: files as they were and as they became."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from wxbot.adapters.content.editing import Edit, EditRefused, text_in
from wxbot.adapters.content.files import Source
from wxbot.service.answer_table import unused

_MANIFEST = "import.json"
_UNDONE = "undone.json"


@dataclass(frozen=True, slots=True)
class Saved:
    """One import. at: the folder that keeps it. edits: what was done. media: files that it has added."""

    at: Path
    edits: tuple[Edit, ...]
    media: tuple[Path, ...]

    def require_untouched(self) -> None:
        """Raises EditRefused where somebody has gone on working in the files since then."""
        for edit in self.edits:
            path = edit.source.path
            if (text_in(path) if path.exists() else "") != edit.after:
                raise EditRefused(f"{edit.source.file} 在导入以后又改过，没有退回。导入前的文件在 {self.at / 'before'}")

    def mark_undone(self) -> None:
        (self.at / _MANIFEST).rename(self.at / _UNDONE)


@dataclass(frozen=True, slots=True)
class ImportBackups:
    """One folder an import below `folder`, named by its time in `zone`."""

    folder: Path
    zone: str = "Asia/Shanghai"

    def save(self, now: int, content: Path, edits: Sequence[Edit], media: Sequence[str]) -> Path:
        """content: the operators' folder, in which `media` name the files that are added. Where it is kept."""
        stem = datetime.fromtimestamp(now, ZoneInfo(self.zone)).strftime("%Y%m%d-%H%M%S")
        at = self.folder / unused(stem, lambda name: (self.folder / name).exists())
        at.mkdir(parents=True)
        for edit in edits:
            for state, text in (("before", edit.before), ("after", edit.after)):
                path = at / state / edit.source.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
        files = [edit.source.file for edit in edits]
        manifest = {"content": str(content.resolve()), "files": files, "media": list(media)}
        (at / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return at

    def latest(self, content: Path) -> Saved | None:
        """The last import into that folder that was not taken back."""
        for path in sorted(self.folder.glob(f"*/{_MANIFEST}"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
            manifest = json.loads(path.read_text(encoding="utf-8"))
            if manifest["content"] == str(content.resolve()):
                edits = (_edit(path.parent, content, file) for file in manifest["files"])
                return Saved(path.parent, tuple(edits), tuple(content / name for name in manifest["media"]))
        return None


def _edit(at: Path, content: Path, file: str) -> Edit:
    return Edit(Source(file, content / file), text_in(at / "before" / file), text_in(at / "after" / file))
