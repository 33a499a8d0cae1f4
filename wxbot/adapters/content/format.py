"""
The shape of menus.yaml, of the files in answers/ and of the cases that try them.

One class a mapping, one field a key; the descriptions are Chinese because editors show them. What needs the other
files (does that answer exist?) is checked later.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from wxbot.adapters.content.contacts import ContactBook
from wxbot.adapters.content.fields import (
    ActionField,
    Address,
    AppId,
    Category,
    Domain,
    Name,
    PhoneNumber,
    Scene,
    Text,
    Url,
    Word,
    unfit,
)
from wxbot.adapters.content.flow_format import FormSection, GuideSection
from wxbot.adapters.content.hours import WorkingHours
from wxbot.adapters.content.human import HumanSection
from wxbot.adapters.content.notices import NoticesSection
from wxbot.adapters.content.outbound import OutboundSection
from wxbot.adapters.content.ratings import RatingsSection
from wxbot.adapters.content.retention import RetentionSection
from wxbot.adapters.content.section import OPTIONS_LIMIT, Options, Section
from wxbot.adapters.content.ticket_format import TicketsSection
from wxbot.domain.account import AccountType
from wxbot.domain.menu import MaterialType, TapType


class Account(Section):
    name: str = Field("", description="公众号的名字，用来填文字里的 {name}", examples=["云笺办公"])
    type: AccountType = Field(AccountType.VERIFIED_SERVICE, description="公众号的类型，决定能用哪些接口")


class TierSection(Section):
    name: Text = Field(description="级别的名字", examples=["企业版"])
    tag: str = Field("", description="公众平台里用户标签的编号；有这个标签的用户就是这一级", examples=["101"])


class SceneGreeting(Section):
    text: Text = Field(description="欢迎语，可以用 {name}", examples=["欢迎关注{name}！"])
    options: Options = Field([], description="欢迎语下面可以点的选项，最多 9 个")


class MarkedGreeting(SceneGreeting):
    tier: str = Field("", description="扫这个码来的用户属于哪一级", examples=["企业版"])
    region: str = Field("", description="扫这个码来的用户在哪个地区", examples=["华东"])


class WelcomeSection(Section):
    text: Text | None = Field(None, description="首次关注时的欢迎语，可以用 {name}", examples=["欢迎关注{name}！"])
    options: Options = Field([], description="欢迎语下面可以点的选项，最多 9 个")
    closed: str = Field("", description="不在服务时间时加在欢迎语后面的话")
    returning: SceneGreeting | None = Field(None, description="再次关注时的欢迎语")
    scenes: dict[Scene, MarkedGreeting] = Field(
        {},
        description="扫带参数的二维码时的欢迎语，键是场景值，末尾可以用 *",
        examples=[{"store_*": {"text": "欢迎光临"}}],
    )


class ButtonSection(Section):
    name: Text = Field(description="菜单名，一级最多 16 字节，二级最多 60 字节", examples=["常见问题"])
    items: list["ButtonSection"] | None = Field(None, description="子菜单，1 到 5 个")
    action: ActionField | None = None
    tap: TapType = Field("click", description="点击的方式：click 是普通点击，其余是扫码、拍照、发位置")
    key: str = Field("", description="微信发回的按键值；不写就用动作本身", examples=["OLD_KEY"])
    fallback: Url | None = Field(None, description="打不开小程序时的网页", examples=["https://m.example.com/"])
    media_id: Text | None = Field(None, description="点了发送的永久素材")
    article_id: Text | None = Field(None, description="点了发送的已发布图文")
    article_view_limited: Text | None = Field(None, description="点了打开的已发布图文")

    @property
    def material(self) -> tuple[MaterialType, str] | None:
        kinds: tuple[MaterialType, ...] = ("media_id", "article_id", "article_view_limited")
        return next(((kind, getattr(self, kind)) for kind in kinds if getattr(self, kind)), None)

    @model_validator(mode="after")
    def _does_one_thing(self) -> "ButtonSection":
        problem = self._fault()
        if problem:
            raise problem
        return self

    def _fault(self) -> PydanticCustomError | None:
        materials = (self.media_id, self.article_id, self.article_view_limited)
        does = [thing for thing in (self.items, self.action, *materials) if thing is not None]
        if not does:
            return unfit(f"菜单「{self.name}」没有写点了做什么", "写一个 action: ……，或用 items: 列出子菜单")
        if len(does) > 1:
            return unfit(f"菜单「{self.name}」写了不止一种动作", "items、action、media_id、article_id 只能留一个")
        kind = self.action.kind if self.action else ""
        clicks = bool(kind) and kind not in ("url", "miniprogram")
        if not clicks and (self.key or self.tap != "click"):
            return unfit(f"菜单「{self.name}」不会发回按键", "tap 和 key 只能和 answer、browse、say 等动作一起写")
        if (kind == "miniprogram") != bool(self.fallback):
            if self.fallback:
                return unfit(f"菜单「{self.name}」不是小程序，用不到 fallback", "请删掉 fallback")
            return unfit(f"菜单「{self.name}」缺少 fallback", "写上打不开小程序时的网页：fallback: https://……")
        return None


class MatchSection(Section):
    tag: Text | None = Field(None, description="用户标签的编号", examples=["101"])
    client: Literal["ios", "android", "other"] | None = Field(None, description="手机系统")

    @model_validator(mode="after")
    def _matches_something(self) -> "MatchSection":
        if self.tag is None and self.client is None:
            raise unfit("没有写给谁看", "写 tag: 标签编号，或 client: ios / android / other")
        return self


class ConditionalSection(Section):
    match: MatchSection = Field(description="给哪些用户看")
    menu: list[ButtonSection] = Field(description="这些用户看到的菜单")


class OfficialSection(Section):
    phones: list[PhoneNumber] = Field([], description="contacts 之外可以提到的电话", examples=[["96110"]])
    emails: list[Address] = Field([], description="contacts 之外可以提到的邮箱")
    links: list[Domain] = Field([], description="可以发出的链接的域名，下级域名一并算上", examples=[["example.com"]])
    accounts: list[Text] = Field([], description="我们的公众号、小程序、微信号等", examples=[["云笺办公"]])
    report: ActionField | None = Field(None, description="用户问到的不是官方时，请他做什么", examples=["ticket:scam"])


class MenusFile(Section):
    skeleton: ClassVar[dict[str, str]] = {"version": "1"}

    version: Annotated[Literal["1"], WithJsonSchema({"enum": [1, "1"]})] = Field(description="格式的版本，写 1")
    account: Account = Field(Account(), description="公众号")
    hours: WorkingHours | None = Field(None, description="人工的服务时间；不写就是全天")
    tiers: list[TierSection] = Field([], description="用户的级别，先符合的先用；答案、电话和转接按它区分")
    contacts: ContactBook = Field(ContactBook(), description="官方联系方式")
    welcome: WelcomeSection = Field(WelcomeSection(), description="关注时的欢迎语")
    menu: list[ButtonSection] | None = Field(None, description="底部菜单，1 到 3 个")
    conditional_menus: list[ConditionalSection] = Field([], description="给一部分用户看的个性化菜单")
    old_keys: dict[str, ActionField] = Field(
        {}, description="以前的菜单按键值现在做什么", examples=[{"MENU_FAQ": "browse"}]
    )
    guides: dict[Name, GuideSection] = Field({}, description="一步步的排查，键是它的 id，用 guide:<id> 开始")
    forms: dict[Name, FormSection] = Field({}, description="表单，填完就是工单；键是它的 id，用 ticket:<id> 开始")
    tickets: TicketsSection = Field(TicketsSection(), description="工单：多久回复，怎么分级，怎么催办和关闭")
    human: HumanSection = Field(HumanSection(), description="人工客服")
    outbound: OutboundSection = Field(OutboundSection(), description="消息发不到聊天里时的其他办法")
    notices: NoticesSection = Field(NoticesSection(), description="哪些事通知工作人员；不写就发到所有配置好的地方")
    ratings: RatingsSection = Field(RatingsSection(), description="请用户评价什么")
    retention: RetentionSection = Field(RetentionSection(), description="用户说过的话、发过的图保存多久")
    official: OfficialSection | None = Field(
        None, description="官方登记：写了它，没有登记的电话、链接和账号一律不会发出"
    )
    texts: dict[str, Text] = Field(
        {}, description="改写机器人自己说的话", examples=[{"miss_first": "我没听懂，换个说法试试。"}]
    )


class TextSection(Section):
    text: Text = Field(description="一段文字")


class ImageSection(Section):
    image: Text = Field(description="图片的 media_id")


class VoiceSection(Section):
    voice: Text = Field(description="语音的 media_id")


class VideoSection(Section):
    video: Text = Field(description="视频的 media_id")
    title: str = Field("", description="标题")
    description: str = Field("", description="说明")
    thumb: str = Field("", description="封面图的 media_id")


class ArticleCard(Section):
    title: Text = Field(description="标题")
    url: Url = Field(description="点了打开的网址", examples=["https://www.example.com/"])
    description: str = Field("", description="说明")
    picture: Url | None = Field(None, description="封面图的网址", examples=["https://www.example.com/cover.jpg"])


class ArticleSection(Section):
    article: ArticleCard = Field(description="一张图文卡片")


class MiniProgramCard(Section):
    title: Text = Field(description="标题")
    appid: AppId = Field(description="小程序的 appid", examples=["wx0123456789abcdef"])
    path: Text = Field(description="打开的页面", examples=["pages/index"])
    thumb: Text = Field(description="封面图的 media_id")


class MiniProgramSection(Section):
    miniprogram: MiniProgramCard = Field(description="一张小程序卡片")


PART_KEYS = ("text", "image", "voice", "video", "article", "miniprogram")
"""Each part of an answer has one of them."""


def _part_shape(value: object) -> str | None:
    if isinstance(value, dict):
        return next((f"<{key}>" for key in reversed(PART_KEYS) if key in value), None)
    return "<text>" if isinstance(value, list) else "<plain>"


PartSection = Annotated[
    Annotated[Text, Tag("<plain>")]
    | Annotated[TextSection, Tag("<text>")]
    | Annotated[ImageSection, Tag("<image>")]
    | Annotated[VoiceSection, Tag("<voice>")]
    | Annotated[VideoSection, Tag("<video>")]
    | Annotated[ArticleSection, Tag("<article>")]
    | Annotated[MiniProgramSection, Tag("<miniprogram>")],
    Discriminator(_part_shape),
]


def _answer_shape(value: object) -> str:
    return "<list>" if isinstance(value, list) else "<plain>"


AnswerField = Annotated[
    Annotated[Text, Tag("<plain>")] | Annotated[list[PartSection], Field(min_length=1), Tag("<list>")],
    Discriminator(_answer_shape),
]


class ConditionSection(Section):
    hours: Literal["服务时间内", "服务时间外"] | None = Field(None, description="按服务时间区分")
    tier: str = Field("", description="用户的级别，例如 企业版", examples=["企业版"])
    region: str = Field("", description="用户的地区，例如 华东", examples=["华东"])


class VariantSection(Section):
    when: ConditionSection = Field(description="什么时候用这个说法，写几个条件就要同时满足")
    answer: AnswerField = Field(description="回答：一段文字，或按顺序发的几部分")


class Entry(Section):
    id: Name = Field(description="这条答案的名字，全部文件里不能重复", examples=["reset-password"])
    question: Text = Field(description="用户会怎么问", examples=["怎么重置密码"])
    similar: list[Text] = Field([], description="同一个问题的其他问法", examples=[["忘记密码怎么办", "密码忘了"]])
    answer: AnswerField = Field(description="回答：一段文字，或按顺序发的几部分")
    variants: list[VariantSection] = Field([], description="不同时间、级别、地区的说法，用第一个符合的")
    exact: list[Text] = Field([], description="一字不差地问这些话时，总是用这条回答")
    keywords: list[Word] = Field([], description="问题里有这些词时，更可能是这一条")
    related: list[Name] = Field([], max_length=OPTIONS_LIMIT, description="回答下面可以点的相关问题，写它们的 id")


class AnswersFile(Section):
    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"answers": ["category"]}})

    category: Category = Field("", description="分类名，几个文件可以同属一个分类", examples=["账号与登录"])
    smalltalk: bool = Field(False, description="寒暄、感谢、骂人等闲聊写 true")
    vocabulary: list[Word] = Field([], description="分词时当作一个词的专有名词", examples=[["云笺", "轻舟模式"]])
    synonyms: list[Annotated[list[Word], Field(min_length=2)]] = Field(
        [], description="同义词，每组里的词都当作第一个", examples=[[["会员", "VIP", "超级会员"]]]
    )
    answers: list[Entry] = Field([], description="这个分类的答案")


class CaseSection(Section):
    ask: Text = Field(description="用户会怎么问", examples=["密码忘记了怎么办"])
    expect: Annotated[
        Annotated[Name, Tag("<plain>")] | Annotated[list[Name], Field(min_length=1), Tag("<list>")],
        Discriminator(_answer_shape),
    ] = Field(
        description="应该得到什么：答案的 id；none 不该回答；human 转人工；browse 分类目录；phones 联系方式。"
        "写成列表时，得到其中一个就算对",
        examples=["reset-password", "none", ["refund", "refund-time"]],
    )
    accept: Literal["answer", "suggest"] = Field("answer", description="写 suggest 时，出现在建议里也算对")


class CasesFile(Section):
    cases: list[CaseSection] = Field([], description="用例：问一句话，看得到的对不对")
