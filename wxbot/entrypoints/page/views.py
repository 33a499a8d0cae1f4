"""What can be looked at and done on the page."""

import re
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wxbot.bootstrap import PageParts
from wxbot.domain.dialogue.safety import warning_about
from wxbot.domain.flow import Form
from wxbot.domain.personal import secrets_in
from wxbot.domain.rating import MARKS
from wxbot.domain.turn import Turn
from wxbot.entrypoints.page.filled import filled, typed
from wxbot.entrypoints.page.pictures import APPENDED, Unfit, pictures_in
from wxbot.entrypoints.page.shown import history, shown
from wxbot.entrypoints.page.visit import Visits
from wxbot.entrypoints.page.words import t
from wxbot.errors import UnfitMedia

NOTHING_WRONG: Mapping[str, str] = MappingProxyType({})
LONGEST_TEXT = 2000
"""Characters that can be added at a time."""

_ONCE = re.compile(r"[\w-]{16}")
_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
"""What pictures become when they are drawn anew."""


def views(parts: PageParts, visits: Visits) -> Blueprint:
    routes = Blueprint("my", __name__)
    own = _Own(parts, visits)

    routes.add_url_rule("/enter", "enter", visits.enter)
    routes.add_url_rule("", "tickets", own.tickets)
    routes.add_url_rule("/new", "forms", own.forms)
    routes.add_url_rule("/new/<id>", "form", own.form)
    routes.add_url_rule("/new/<id>", "report", own.report, methods=["POST"])
    routes.add_url_rule("/draft", "draft", own.draft)
    routes.add_url_rule("/draft", "settle", own.settle, methods=["POST"])
    routes.add_url_rule("/<number>", "ticket", own.ticket)
    routes.add_url_rule("/<number>/more", "append", own.append, methods=["POST"])
    routes.add_url_rule("/<number>/<any(nudge, solved, reopen):deed>", "deed", own.deed, methods=["POST"])
    routes.add_url_rule("/<number>/rating", "rate", own.rate, methods=["POST"])
    routes.add_url_rule("/<number>/<int:entry>/<int:place>", "picture", own.picture)
    return routes


class _Own:
    """Everything here is the visitor's own."""

    def __init__(self, parts: PageParts, visits: Visits) -> None:
        self._parts, self._tickets, self._visits = parts, parts.tickets, visits

    # ---- looking

    def tickets(self) -> str:
        now, script = self._now(), self._tickets.script
        tickets = [shown(script, ticket, now) for ticket in self._tickets.all(self._user)]
        draft = self._tickets.draft(self._user)
        return render_template(
            "tickets.html", tickets=tickets, forms=self._tickets.forms, account=script.name, draft=draft
        )

    def ticket(self, number: str, *, wrong: str = "", text: str = "") -> str:
        record, script = self._tickets.record(self._user, number), self._tickets.script
        return render_template(
            "ticket.html",
            shown=shown(script, record.ticket, self._now()),
            history=list(history(script, record)),
            marks=MARKS[::-1] if self._tickets.is_asked_to_rate(self._user, number) else (),
            once=_new_occasion(),
            wrong=wrong,
            text=text,
            most=APPENDED,
            longest=LONGEST_TEXT,
        )

    def picture(self, number: str, entry: int, place: int) -> Response:
        entries = self._tickets.record(self._user, number).entries
        media = entries[entry].media if entry < len(entries) else ()
        medium = media[place] if place < len(media) else None
        suffix = medium.path[medium.path.rfind(".") :] if medium else ""
        if medium is None or suffix not in _TYPES:
            abort(HTTPStatus.NOT_FOUND)
        return Response(self._parts.uploads.get(medium), mimetype=_TYPES[suffix])

    # ---- a new one

    def forms(self) -> ResponseReturnValue:
        forms = self._tickets.forms
        if len(forms) == 1:
            return redirect(url_for("my.form", id=next(iter(forms))))
        return render_template("forms.html", forms=forms.values())

    def form(self, id: str) -> str:
        form = self._form(id)
        known = self._tickets.session(self._user).known
        values = {field.id: known[field.id] for field in form.fields if field.remember and field.id in known}
        return _fill_in(form, values)

    def report(self, id: str) -> ResponseReturnValue:
        form, occasion = self._form(id), _occasion()
        sent = filled(self._parts, form, self._user)
        if sent.wrong:
            return _fill_in(form, request.form, sent.wrong), HTTPStatus.UNPROCESSABLE_ENTITY
        self._visits.allow("open")
        self._warn(" ".join(value for value in sent.given.values() if isinstance(value, str)))
        turn = self._tickets.report(self._user, form, sent.given, occasion=occasion)
        if turn and turn.rule == "ticket_again":
            return redirect(url_for("my.draft"), HTTPStatus.SEE_OTHER)
        return self._onward(turn, "received")

    def draft(self) -> ResponseReturnValue:
        draft = self._tickets.draft(self._user)
        if draft is None:
            return redirect(url_for("my.tickets"))
        ticket = self._tickets.joinable(self._user, draft)
        return render_template("draft.html", ticket=ticket, title=draft.report.title, once=_new_occasion())

    def settle(self) -> ResponseReturnValue:
        merged = request.form.get("choice") == "merge"
        turn = self._tickets.settle(self._user, merged=merged, occasion=_occasion())
        if turn is None and self._tickets.draft(self._user):
            flash(t("again.still"), "sorry")
            return redirect(url_for("my.draft"), HTTPStatus.SEE_OTHER)
        is_new = turn is not None and any(change.before is None for change in turn.tickets)
        return self._onward(turn, "received" if is_new else "added")

    # ---- what becomes of one

    def append(self, number: str) -> ResponseReturnValue:
        text, occasion = typed("text"), _occasion()
        try:
            if len(text) > LONGEST_TEXT:
                raise Unfit(t("wrong.text.long", max=LONGEST_TEXT))
            pictures = pictures_in("pictures")
            if not text and not pictures:
                raise Unfit(t("nothing"))
            self._tickets.record(self._user, number)
            media = self._parts.uploads.keep(self._user, pictures)
        except UnfitMedia:
            return self.ticket(number, wrong=t("wrong.pictures.type"), text=text), HTTPStatus.UNPROCESSABLE_ENTITY
        except Unfit as reason:
            return self.ticket(number, wrong=str(reason), text=text), HTTPStatus.UNPROCESSABLE_ENTITY
        self._warn(text)
        return self._onward(self._tickets.append(self._user, number, text, media, occasion=occasion), "added", number)

    def deed(self, number: str, deed: str) -> ResponseReturnValue:
        tickets = self._tickets
        deeds: dict[str, tuple[Callable[..., Turn | None], str]] = {
            "nudge": (tickets.nudge, "nudged"),
            "solved": (tickets.confirm, "confirmed"),
            "reopen": (tickets.reopen, "reopened"),
        }
        act, done = deeds[deed]
        return self._onward(act(self._user, number, occasion=_occasion()), done, number)

    def rate(self, number: str) -> ResponseReturnValue:
        mark, reason = request.form.get("mark", 0, int), typed("reason")
        turn = self._tickets.rate(self._user, number, mark, reason, occasion=_occasion())
        return self._onward(turn, "rated", number)

    # ---- in common

    @property
    def _user(self) -> str:
        return self._visits.visitor()

    def _now(self) -> int:
        return int(self._tickets.clock())

    def _form(self, id: str) -> Form:
        form = self._tickets.forms.get(id)
        if form is None:
            abort(HTTPStatus.NOT_FOUND)
        return form

    def _onward(self, turn: Turn | None, done: str, number: str = "") -> ResponseReturnValue:
        """To the ticket, with a word about what came of it. turn: None where it was done before."""
        if turn:
            number = turn.tickets[-1].after.number if turn.tickets else number
        flash(t(done, number=number) if turn else t("before"), "fine" if turn else "sorry")
        target = url_for("my.ticket", number=number) if number else url_for("my.tickets")
        return redirect(target, HTTPStatus.SEE_OTHER)

    def _warn(self, text: str) -> None:
        warning = warning_about(self._tickets.script, secrets_in(text))
        if warning:
            flash(warning, "sorry")


def _fill_in(form: Form, values: Mapping[str, str], wrong: Mapping[str, str] = NOTHING_WRONG) -> str:
    return render_template("form.html", form=form, values=values, wrong=wrong, once=_new_occasion())


def _new_occasion() -> str:
    """Goes with a form, so that sending it twice does it once."""
    return secrets.token_urlsafe(12)


def _occasion() -> str:
    once = request.form.get("once", "")
    if not _ONCE.fullmatch(once):
        abort(HTTPStatus.BAD_REQUEST)
    return f"page:{request.path}:{once}"
