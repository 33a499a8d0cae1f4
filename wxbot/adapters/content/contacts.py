"""The contact book: its shape, what it becomes, and what is wrong with it."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from wxbot.adapters.content.document import Document
from wxbot.adapters.content.fields import Address, PhoneNumber, Text, Url
from wxbot.adapters.content.hours import Weekly, WorkingHours, line_hours, weekly_problems
from wxbot.adapters.content.section import Section
from wxbot.domain.contacts import Contacts, Email, Page, Phone
from wxbot.errors import Problem


class LineSection(Section):
    tiers: list[Text] = Field([], description="只给这些级别的用户看；不写就给所有人", examples=[["企业版"]])
    regions: list[Text] = Field([], description="只给这些地区的用户看；不写就给所有人", examples=[["华东"]])


class PhoneLine(LineSection):
    name: Text = Field(description="这条线路叫什么", examples=["个人版客服热线"])
    number: PhoneNumber = Field(description="电话号码", examples=["400-000-0000"])
    hours: str = Field("", description="什么时候有人接，原样显示", examples=["工作日 9:00–18:00"])
    weekly: Weekly | None = Field(
        None,
        description="什么时候有人接；写了它，机器人会说现在能不能打通",
        examples=[{"工作日": "9:00-18:00"}],
    )
    note: str = Field("", description="补充说明", examples=["仅限个人版"])


class Mailbox(LineSection):
    name: Text = Field(description="这个邮箱管什么", examples=["技术支持"])
    address: Address = Field(description="邮箱地址", examples=["support@example.com"])
    reply_time: str = Field("", description="多久回复", examples=["两个工作日内"])


class PageLine(LineSection):
    name: Text = Field(description="社区、手册等网页叫什么", examples=["用户社区"])
    url: Url = Field(description="网址", examples=["https://bbs.example.com/"])
    note: str = Field("", description="补充说明")


def _phones_shape(value: object) -> str:
    return "<none>" if isinstance(value, str) else "<list>"


class ContactBook(Section):
    phones: Annotated[
        Annotated[Literal["none"], Tag("<none>")] | Annotated[list[PhoneLine], Tag("<list>")],
        Discriminator(_phones_shape),
    ] = Field([], description="客服电话；没有电话就写 none，机器人会如实说明")
    emails: list[Mailbox] = Field([], description="客服邮箱")
    pages: list[PageLine] = Field([], description="社区、手册等网页，和电话邮箱一起列出")

    @property
    def lines(self) -> list[PhoneLine]:
        return self.phones if isinstance(self.phones, list) else []


def contacts_of(book: ContactBook, hours: WorkingHours | None) -> Contacts:
    return Contacts(
        phones=tuple(_phone(line, hours) for line in book.lines),
        emails=tuple(
            Email(box.name, box.address, box.reply_time, tuple(box.tiers), tuple(box.regions)) for box in book.emails
        ),
        pages=tuple(
            Page(page.name, page.url, page.note, tuple(page.tiers), tuple(page.regions)) for page in book.pages
        ),
        no_phone=book.phones == "none",
    )


def _phone(line: PhoneLine, hours: WorkingHours | None) -> Phone:
    return Phone(
        line.name,
        line.number,
        line.hours,
        line.note,
        line_hours(line.weekly, hours) if line.weekly is not None else None,
        tuple(line.tiers),
        tuple(line.regions),
    )


def problems_of(document: Document, book: ContactBook) -> Iterator[Problem]:
    for number, line in enumerate(book.lines):
        yield from weekly_problems(document, ("contacts", "phones", number, "weekly"), line.weekly or {})
    if book.phones == [] and "phones" in book.model_fields_set:
        message = "phones 是空的"
        yield document.problem(("contacts", "phones"), message, "没有电话请写 phones: none", severity="warning")
