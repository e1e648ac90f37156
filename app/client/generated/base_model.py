from typing import Any, Self

from pydantic import BaseModel as PydanticBaseModel
from pydantic import ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from app.client.errors import Unreadable


class UnsetType:
    def __bool__(self) -> bool:
        return False


UNSET = UnsetType()


class BaseModel(PydanticBaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
        validate_assignment=True,
        arbitrary_types_allowed=True,
        protected_namespaces=(),
        alias_generator=to_camel,
        hide_input_in_errors=True,
    )

    @classmethod
    def model_validate(cls, obj: object, **options: Any) -> Self:
        """Return an answer. Raises Unreadable for one of another release."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise Unreadable(
                "The service's answer is of another release than this client:"
                f" {error.error_count()} of its values are not known here."
            ) from None
