"""Looking at a root of trust that was handed over, before anything is believed because of it."""

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

from fieldcheck.errors import InputError


def refuse_root(content: bytes, named: str) -> None:
    """Refuse a root of trust that is none.

    Raises:
        InputError: it is no root, or is not signed by as many of its own keys as it asks for.
    """
    try:
        root = Metadata[Root].from_bytes(content)
        Root.verify_delegate(root.signed, Root.type, root.signed_bytes, root.signatures)
    except (RepositoryError, ValueError, AttributeError) as error:  # a timestamp, say, has no keys
        raise InputError(
            f"{named} is no root of trust: {error}.",
            next_step="Take root.json from the publisher again, and compare its fingerprint.",
        ) from error
