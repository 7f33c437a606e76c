"""The shapes of what the API answers, as JSON Schema; those of typed objects are read from their classes."""

from __future__ import annotations

import types
from dataclasses import fields
from typing import Any, Union, get_args, get_origin, get_type_hints

from graph.catalogue import Source
from graph.explore import view
from graph.explore.paths import GROUPS
from graph.explore.words import PLURALS
from graph.model import HIDDEN as HIDDEN_OF_FINDING
from graph.model import LABELS, Finding
from web.completion import Entry
from web.facets import Facet, Value

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
IDS: Schema = {"type": "array", "items": STRING}
PLAIN: dict[Any, Schema] = {
    str: STRING,
    int: {"type": "integer"},
    float: NUMBER,
    bool: BOOLEAN,
    type(None): {"type": "null"},
}
RENAMED = {"from_id": "from", "to_id": "to"}


def ref(name: str) -> Schema:
    """A reference to one of the shared shapes."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Schema) -> Schema:
    """An array of such items."""
    return {"type": "array", "items": items}


def record(required: dict[str, Schema], **optional: Schema) -> Schema:
    """An object with these members; others may come with later versions."""
    return {"type": "object", "properties": required | optional, "required": list(required)}


def of_class(cls: type, left_out: frozenset[str] = frozenset(), all_there: bool = True) -> Schema:
    """The JSON of a dataclass. Unless `all_there`, members that may be None are missing instead."""
    hints = get_type_hints(cls)
    required: dict[str, Schema] = {}
    optional: dict[str, Schema] = {}
    for field in fields(cls):
        if field.name in left_out:
            continue
        options = get_args(hints[field.name]) if _is_union(hints[field.name]) else (hints[field.name],)
        known = [option for option in options if all_there or option is not type(None)]
        shapes = [_of_type(option) for option in known]
        shape = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
        (required if len(known) == len(options) else optional)[RENAMED.get(field.name, field.name)] = shape
    return record(required, **optional)


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def _of_type(hint: Any) -> Schema:
    if hint in PLAIN:
        return PLAIN[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (tuple, list):
        return list_of(_of_type(inner[0]))
    if origin is dict:
        return {"type": "object", "additionalProperties": _of_type(inner[1])}
    return of_class(hint) if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__") else {}


def shapes() -> dict[str, Schema]:
    """The shared shapes by name."""
    value = record({"text": STRING}, href=STRING, note=STRING)
    sources = list_of(ref("Source"))
    fact = record(
        {"property": STRING, "label": STRING, "values": list_of(value), "sources": sources}, missing=BOOLEAN
    )
    end = record({"id": STRING, "label": STRING})
    drawn = {"nodes": list_of(ref("Node")), "edges": list_of(ref("Edge"))}
    return {
        "Problem": record(
            {
                "type": STRING,
                "title": STRING,
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": STRING,
            }
        ),
        "Source": of_class(Source),
        "Node": of_class(view.Node, all_there=False),
        "Edge": of_class(view.Edge, all_there=False),
        "Relation": of_class(view.Relation),
        "Fact": fact,
        "Picture": record(
            {
                "title": STRING,
                "subtitle": STRING,
                "mode": STRING,
                "things": INTEGER,
                **drawn,
                "bands": list_of(of_class(view.Backdrop)),
                "texts": list_of(of_class(view.Words)),
                "counts": {"type": "object", "additionalProperties": INTEGER},
                "truncated": BOOLEAN,
                "left_out": INTEGER,
                "legend": IDS,
                "list": list_of(record({"heading": STRING, "items": list_of(of_class(view.Item))})),
            }
        ),
        "Relations": record({"center": STRING, "relations": list_of(ref("Relation"))}),
        "Expansion": record(
            {
                "center": STRING,
                "relation": STRING,
                "direction": {"enum": ["out", "in"]},
                "count": INTEGER,
                "after": {"type": ["integer", "null"]},
                **drawn,
            }
        ),
        "Things": record({**drawn, "unknown": IDS, "left_out": IDS}),
        "Paths": record(
            {
                "from": STRING,
                "to": STRING,
                "paths": list_of(
                    record(
                        {
                            "ids": IDS,
                            "edges": IDS,
                            "steps": list_of(IDS),
                            "length": INTEGER,
                            "missing": BOOLEAN,
                        }
                    )
                ),
                **drawn,
                "relations": list_of(
                    record({"relation": {"enum": list(GROUPS)}, "label": STRING, "on": BOOLEAN})
                ),
                "truncated": BOOLEAN,
                "left_out": IDS,
                "message": STRING,
            }
        ),
        "Line": record(
            {
                "id": STRING,
                "from": end,
                "to": end,
                "relation": STRING,
                "label": STRING,
                "kind": {"enum": ["stated", "derived", "missing"]},
                "sentence": STRING,
                "facts": list_of(ref("Fact")),
                "sources": sources,
            },
            gap=STRING,
            page=STRING,
        ),
        "Facets": record({"total": INTEGER, "facets": list_of(of_class(Facet))}),
        "Choice": of_class(Value),
        "Thing": record(
            {
                "id": STRING,
                "label": STRING,
                "alt_label": STRING,
                "kind": {"enum": [*PLURALS]},
                "type_label": STRING,
                "summary": STRING,
                "page": STRING,
                "facts": list_of(ref("Fact")),
                "gaps": list_of(record({"id": STRING, "text": STRING, "label": STRING, "href": STRING})),
                "gaps_total": INTEGER,
                "sheet": {"type": ["string", "null"]},
                "relations": list_of(ref("Relation")),
            }
        ),
        "Hits": record(
            {
                "results": list_of(
                    record(
                        {
                            "id": STRING,
                            "label": STRING,
                            "alt": STRING,
                            "type": STRING,
                            "type_label": STRING,
                            "place": STRING,
                        }
                    )
                ),
                "total": INTEGER,
            }
        ),
        "Completions": record({"results": list_of(of_class(Entry)), "total": INTEGER}),
        "Dates": record(
            {
                "first": STRING,
                "last": STRING,
                "today": STRING,
                "dates": list_of(record({"date": STRING, "name": STRING, "count": INTEGER, "text": STRING})),
            }
        ),
        "Finding": of_class(Finding, HIDDEN_OF_FINDING) | {"description": "label: " + ", ".join(LABELS)},
        "Findings": record({"findings": list_of(ref("Finding")), "total": INTEGER}),
        "Link": record({"path": STRING, "query": STRING, "state": {"type": ["object", "null"]}}),
        "KeptLink": record({"id": STRING, "href": STRING}),
        "Health": record(
            {
                "status": {"const": "ok"},
                "generation": STRING,
                "statements": INTEGER,
                "data": {"type": "object"},
                "queries": record(dict.fromkeys(("processes", "idle", "running", "waiting"), INTEGER)),
            }
        ),
    }
