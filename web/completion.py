"""What the editor of queries offers while a reader types: terms and things of the data, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from heapq import nsmallest
from itertools import chain
from typing import cast

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from pyoxigraph import DefaultGraph, NamedNode, Store
from pyoxigraph import Literal as Text

from graph.names import WORD, Names, fold, plain
from graph.namespaces import ID, LABEL, PREFIXES, TYPE, curie
from web import support
from web.arguments import BadArgument, whole

bp = Blueprint("completion", __name__)

KINDS = ("class", "property", "thing", "prefix")
SHOWN, MOST = 20, 100
SIGNS = 200
OTHER_NAME = NamedNode(PREFIXES["skos"] + "altLabel")


@dataclass(frozen=True)
class Entry:
    """A term or thing: its prefixed name, IRI, name by language, everyday words for it by language, and how
    often the data use it."""

    curie: str
    iri: str
    labels: dict[str, str]
    others: dict[str, list[str]]
    uses: int


class Completion:
    """Entries of one kind by the beginnings of the words of their names and of their prefixed names."""

    def __init__(self, entries: Iterable[Entry]):
        self._entries = sorted(entries, key=lambda entry: (-entry.uses, entry.curie))
        names, owners = [], []
        for number, entry in enumerate(self._entries):
            own = entry.curie.partition(":")[2] or entry.curie
            said = (*entry.labels.values(), *chain.from_iterable(entry.others.values()))
            for name in dict.fromkeys((own, own.replace("-", " "), entry.curie, *said)):
                names.append(name)
                owners.append(number)
        self._plain, self._folded = (Names(names, owners, compare) for compare in (plain, fold))

    def find(self, text: str, limit: int) -> tuple[list[Entry], int]:
        """The best `limit` entries, and how many match; exact diacritics first, then the often used."""
        words = WORD.findall(fold(text))
        if not words:
            return self._entries[:limit], len(self._entries)
        matching = set.intersection(*map(self._folded.things, words))
        best: list[int] = []
        left = set(matching)
        closeness = zip(
            self._plain.closest(plain(text), WORD.findall(plain(text))),
            self._folded.closest(fold(text), words),
            strict=True,
        )
        for exact, folded in closeness:
            for closest in (exact, folded):
                best += nsmallest(limit - len(best), left & closest)
                left -= closest
        best += nsmallest(limit - len(best), left)
        return [self._entries[number] for number in best], len(matching)


def _named(store: Store, term: NamedNode, uses: int) -> Entry:
    return Entry(
        curie(term.value),
        term.value,
        {lang: names[0] for lang, names in _texts(store, term, LABEL).items()},
        _texts(store, term, OTHER_NAME),
        uses,
    )


def _texts(store: Store, term: NamedNode, prop: NamedNode) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(term, prop, None, None):
        if isinstance(quad.object, Text) and quad.object.language:
            found.setdefault(quad.object.language, set()).add(quad.object.value)
    return {lang: sorted(names, key=str.casefold) for lang, names in found.items()}


def _completions(site: support.Site) -> dict[str, Completion]:
    """All kinds, read once from the data of a site."""
    store = site.corridor.store
    uses: dict[str, dict[NamedNode, int]] = {"class": {}, "property": {}}
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        uses["property"][quad.predicate] = uses["property"].get(quad.predicate, 0) + 1
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            uses["class"][quad.object] = uses["class"].get(quad.object, 0) + 1
    found = {
        kind: Completion(_named(store, term, count) for term, count in terms.items())
        for kind, terms in uses.items()
    }
    things = (
        Entry(f"id:{slug}", ID + slug, dict(attributes["label"]), {}, degree)
        for (slug, attributes), (_, degree) in zip(
            site.network.nodes(data=True), site.network.degree(), strict=True
        )
    )
    prefixes = (Entry(f"{prefix}:", namespace, {}, {}, 0) for prefix, namespace in PREFIXES.items())
    return found | {"thing": Completion(things), "prefix": Completion(prefixes)}


@bp.get("/api/complete")
def complete() -> Response:
    """Terms or things whose name begins like `q`, both languages beside the IRI."""
    kind = request.args.get("kind", "class")
    if kind not in KINDS:
        raise BadArgument(
            gettext("kind must be one of %(kinds)s, for example kind=class", kinds=", ".join(KINDS))
        )
    limit = whole("limit", SHOWN, 1, MOST)
    site = support.site()
    entries, total = site.part(_completions)[kind].find(request.args.get("q", "")[:SIGNS].strip(), limit)
    answer = jsonify({"results": [asdict(entry) for entry in entries], "total": total})
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag(weak=True)
    return cast(Response, answer.make_conditional(request))
