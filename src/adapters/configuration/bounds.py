"""What a setting allows, in words, from its declaration."""

from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo


def allowed(field: FieldInfo) -> str:
    """Ends a sentence that starts with the setting's name: "must be a whole number from 0"."""
    choices = _choices(field.annotation)
    if choices:
        return f"must be one of {', '.join(choices)}"
    if field.annotation in {int, float}:
        kind = "a whole number" if field.annotation is int else "a number"
        return f"must be {kind}{_range(field)}"
    return "must be text that is not empty"


def _choices(annotation: Any) -> list[str]:  # Any: an annotation may be whatever Python has.
    if annotation is bool:
        return ["true", "false"]
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    return [choice for each in get_args(annotation) for choice in _choices(each)]


def _range(field: FieldInfo) -> str:
    words = ""
    for bound in field.metadata:
        if isinstance(bound, Ge):
            words += f" from {bound.ge}"
        elif isinstance(bound, Gt):
            words += f" above {bound.gt}"
        elif isinstance(bound, Le):
            words += f" to {bound.le}" if " from " in words else f" and at most {bound.le}"
    return words
