"""The ways in which a folder's photos are put together as items; apart, as every command line names them."""

import enum


@enum.unique
class Grouping(enum.StrEnum):
    """What puts photos together as those of one item; a sub-folder does so for all but ``NONE``."""

    FOLDER = "folder"
    NAME = "name"
    TIME = "time"
    NONE = "none"
