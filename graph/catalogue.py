"""The sources, by slug: what a reader needs to judge and open the document behind a statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Store

from graph.model import Text
from graph.namespaces import slug
from graph.query import select


@dataclass(frozen=True)
class Source:
    """One document. `published` is an ISO date that may stop at year or month, or empty."""

    slug: str
    title: str
    publisher: str
    published: str
    url: str
    grade: str
    kind: str
    language: str
    note: str
    note_vi: str

    @property
    def remark(self) -> Text:
        """Our note on the document; empty where there is none."""
        return {"en": self.note, "vi": self.note_vi or self.note}


class Catalogue(Mapping[str, Source]):
    """All sources of a corridor."""

    def __init__(self, sources: Iterable[Source]):
        self._sources = {source.slug: source for source in sources}

    @classmethod
    def load(cls, store: Store) -> Catalogue:
        """Read every source from the store."""
        fields = ("title", "publisher", "published", "url", "grade", "kind", "language", "note", "noteVi")
        return cls(
            Source(slug(row["source"].value), *(row[f].value if f in row else "" for f in fields))
            for row in select(store, "pages/sources")
        )

    def __getitem__(self, key: str) -> Source:
        return self._sources[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def best(self, slugs: Iterable[str]) -> list[Source]:
        """These sources, best first: by grade, then newest, title and slug. Unknown ones are left out."""
        found = sorted((self[s] for s in set(slugs) if s in self), key=lambda s: (s.title, s.slug))
        found.sort(key=lambda s: s.published, reverse=True)
        return sorted(found, key=lambda s: s.grade)
