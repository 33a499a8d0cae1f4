"""What every mapping of the operators' files is made of."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from wxbot.adapters.content.fields import ActionField, Label

OPTIONS_LIMIT = 9
"""An option is picked by typing one digit."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    skeleton: ClassVar[dict[str, str]] = {}
    """What must be there for the class to be built at all."""


class OptionSection(Section):
    label: Label = Field(description="显示给用户的蓝字", examples=["常见问题"])
    action: ActionField


Options = Annotated[list[OptionSection], Field(max_length=OPTIONS_LIMIT)]
