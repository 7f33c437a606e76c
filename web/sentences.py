"""Sentences with names in them as HTML: a very long name, or one written from right to left, stands apart."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from markupsafe import Markup

from graph.gaps.wording import mid_sentence
from web import support
from web.views import View

FROM_RIGHT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
"""Bidirectional classes of signs that move what stands beside them."""
LONGEST = 1_500
"""Of a part of a sentence between such names, so many signs are shown."""


def apart(name: str) -> Markup:
    """A name, cut if very long, that reorders nothing around it."""
    return Markup("<bdi>{}</bdi>").format(support.cut(name))


def said(words: str) -> Markup:
    """A sentence whose odd names are cut and isolated; others are left as they are."""
    odd = support.view().part(_odd_names)
    parts = odd.split(words) if odd else [words]
    return Markup("").join(
        apart(part) if n % 2 else support.cut(part, LONGEST) for n, part in enumerate(parts)
    )


def _odd_names(view: View) -> re.Pattern[str] | None:
    """Finds names of things that would reorder or drown a sentence; None where no thing has such a name."""
    names = {
        name for _, label in view.network.nodes(data="label") for name in label.values() if _is_odd(name)
    }
    forms = sorted(names | set(map(mid_sentence, names)), key=lambda name: (-len(name), name))
    return re.compile(f"({'|'.join(map(re.escape, forms))})") if forms else None


@cache
def _from_right(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in FROM_RIGHT


def _is_odd(name: str) -> bool:
    return len(name) > support.LONGEST or any(map(_from_right, name))
