"""The `ratings:` section of menus.yaml."""

from pydantic import Field

from wxbot.adapters.content.section import Section
from wxbot.domain.rating import RatingRules


class RatingsSection(Section):
    human: bool = Field(False, description="人工客服结束后请用户打分")
    ticket: bool = Field(False, description="工单解决后请用户打分")
    answer: bool = Field(False, description="答案下面显示「有帮助」「没帮助」")
    ask_why_below: int = Field(3, ge=0, le=5, description="低于几分时问原因，0 表示不问")


def ratings_of(section: RatingsSection) -> RatingRules:
    return RatingRules(section.human, section.ticket, section.answer, section.ask_why_below)
