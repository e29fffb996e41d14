"""The closed sets that facts about law are written in."""

import enum


@enum.unique
class Kind(enum.StrEnum):
    """What sort of law it is."""

    UNESCO_1970 = "unesco1970"
    UNIDROIT_1995 = "unidroit1995"
    SECURITY_COUNCIL = "unsc"
    MEASURE = "measure"
    NATIONAL_LAW = "national_law"
    BORDER_LAW = "border_law"


@enum.unique
class Effect(enum.StrEnum):
    """What it means at the border: a control of its own, one through the export law of the origin, or none."""

    CONTROL = "control"
    EXPORT_LAW = "export_law"
    CONTEXT = "context"


@enum.unique
class Direction(enum.StrEnum):
    """Which way an object crosses a border."""

    IMPORT = "import"
    EXPORT = "export"
    TRANSIT = "transit"


@enum.unique
class GoodsGroup(enum.StrEnum):
    """Which objects a law covers; designated are the types at risk of its states of origin."""

    DESIGNATED = "designated"
    ARCHAEOLOGICAL = "archaeological"
    MONUMENT = "monument"
    CULTURAL = "cultural"


@enum.unique
class Answer(enum.StrEnum):
    """Whether something holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@enum.unique
class Asked(enum.StrEnum):
    """What would have to be known to say whether a rule applies."""

    ORIGIN = "origin"
    AGE = "age"
    VALUE = "value"
    LAW = "law"
    RULE = "rule"
