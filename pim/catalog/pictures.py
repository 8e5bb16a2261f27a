"""Whether pictures that lie on other sites are shown.

Off unless REMOTE_PICTURES says else: every look at the catalog would tell those sites about it,
and a picture that is gone is an error in the browser each time. The address is always there.
"""

from __future__ import annotations

from pim.catalog.columns import image_fields
from pim.core import settings
from pim.schema.fields import Vocabulary


def picture_fields(vocabulary: Vocabulary) -> list[str]:
    """The fields a product's picture may be in; none when pictures aren't shown."""
    return image_fields(vocabulary.fields) if settings().remote_pictures else []
