"""Names short enough for a picture: without legal form, kind of place, and the place the picture shows.

The tables below hold all the rules; a full name always stands in the title and in the panel.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata

import networkx as nx

from graph.model import Text

BOX, TWO_LINES, PRODUCT = 14, 26, 34
"""Signs that fit into the box of an anchor, into two lines of a label, and below a diamond."""

AS_CALLED: dict[str, Text] = {
    "damen-song-cam": {"vi": "Damen", "en": "Damen"},
    "deep-c-hai-phong": {"vi": "DEEP C (không\u00a0rõ)", "en": "DEEP C (not\u00a0stated)"},
    "deep-c-hai-phong-1": {"vi": "DEEP C I (Đình\u00a0Vũ)", "en": "DEEP C I (Dinh\u00a0Vu)"},
    "deep-c-hai-phong-2": {"vi": "DEEP C II", "en": "DEEP C II"},
    "deep-c-hai-phong-3": {"vi": "DEEP C III", "en": "DEEP C III"},
    "foxconn-qn-fecv": {"vi": "Foxconn", "en": "Foxconn"},
    "foxconn-qn-fmmv": {"vi": "Foxconn", "en": "Foxconn"},
    "hai-phong-thermal-power": {"vi": "Nhiệt điện HP", "en": "HP Thermal"},
    "kcn-sach": {"vi": "KCN sạch", "en": "Clean IP"},
    "marine-industrial-service-park": {"vi": "Dịch vụ hàng hải", "en": "Marine Park"},
    "may-hung-yen": {"vi": "May Hưng Yên", "en": "HY Garment"},
    "regent-garment-hd": {"vi": "Regent", "en": "Regent"},
    "so-05": {"vi": "KCN số 05", "en": "IP No. 05"},
    "vehec": {"vi": "VEHEC", "en": "VEHEC"},
    "vehec-council": {"vi": "Hội đồng VEHEC", "en": "VEHEC Council"},
    "vicem-hoang-thach": {"vi": "Hoàng Thạch", "en": "Hoàng Thạch"},
    "vinfast-cat-hai": {"vi": "VinFast Cát Hải", "en": "VinFast Cát Hải"},
    "vsip": {"vi": "VSIP", "en": "VSIP"},
}
"""Names that no rule finds."""

FORMS_BEFORE = (
    "Tổng công ty", "Công ty Trách nhiệm hữu hạn", "Công ty TNHH MTV", "Công ty TNHH", "Công ty Cổ phần",
    "Công ty CP", "Công ty", "Tập đoàn", "Nhà máy",
)  # fmt: skip
FORMS_AFTER = (
    "Joint Stock Company", "Company Limited", "Corporation", "Company", "Limited", "Group", "JSC", "LLC",
    "Inc", "Pte", "Ltd", "Co",
)  # fmt: skip
TRADES = ("Manufacturing", "Industries", "International", "Shipbuilding", "Shipyard")
KINDS_OF_PLACE = (
    "Khu phi thuế quan và Khu công nghiệp", "Khu công nghiệp và khu phi thuế quan",
    "Khu công nghiệp - Dịch vụ", "Khu công nghiệp - Cảng biển", "Khu công nghiệp", "Cụm công nghiệp",
    "Kỹ thuật cao", "Non-Tariff Zone and", "Industrial - Service Park", "Hi-Tech Industrial Zone",
    "Industrial Park", "Industrial Zone", "Industrial Cluster", "Tỉnh", "Thành phố", "Province", "City",
)  # fmt: skip
SHORTER = (
    ("Ủy ban nhân dân thành phố", "UBND TP"), ("Ủy ban nhân dân", "UBND"),
    ("Provincial People's", "People's"), ("City People's", "People's"),
    ("Industrial Zones Authority", "IZ Authority"), ("Economic Zone Authority", "EZ Authority"),
    ("Industrial Parks Management Board", "IP Board"), ("Economic Zone Management Board", "EZ Board"),
    ("Management Board", "Board"),
    ("các khu công nghiệp", "các KCN"), ("Khu kinh tế cửa khẩu", "KKT"), ("Khu kinh tế ven biển", "KKT"),
    ("Khu kinh tế", "KKT"), ("Border Gate Economic Zone", "EZ"), ("Coastal Economic Zone", "EZ"),
    ("quốc tế ", ""), ("International ", ""),
)  # fmt: skip
COUNTRY = ("Việt Nam", "Viet Nam", "Vietnam", "Vina")
AFTER_THE_NAME = re.compile(rf"(?<=\s)(?:{'|'.join(COUNTRY)})(?![\w-])", re.IGNORECASE)
WORD = r"(?<![\w-]){}(?![\w-])"
BRACKETS = re.compile(r"\s*\([^)]*\)")
PHASE = re.compile(r"\s*\((?!giai đoạn|khu \d|zone \d|phase)[^)]*\)", re.IGNORECASE)
"""Brackets that say more than which part of a park is meant."""
ALIAS = re.compile(r"\(([A-Z]\w{1,13})\)")
SENTENCES = frozenset({"claim", "expert_statement", "document", "event", "agreement", "change"})
"""Kinds of thing whose name is a sentence: two lines of 28 signs."""
INSTITUTIONS = frozenset(
    "council secretariat federation ministry agency department association people-committee people-council "
    "zone-authority state-body party-body institute media".split()
)


def short_name(network: nx.MultiDiGraph, slug: str, lang: str, limit: int = TWO_LINES) -> str:
    """Name of a thing for the picture, at most `limit` signs. A plant is called after its operator."""
    attributes = network.nodes[slug]
    if attributes["kind"] == "facility":
        operator = attributes.get("operator")
        return short_name(network, operator, lang, limit) if operator in network else _cut(slug, limit)
    if slug in AS_CALLED:
        return _cut(AS_CALLED[slug][lang], limit)
    name = attributes["label"][lang]
    if attributes["kind"] == "organization" and attributes["subkind"] not in INSTITUTIONS:
        return _firm(network, slug, name, lang, limit)
    if attributes["kind"] == "organization":
        return _institution(network, slug, name, lang, limit)
    if attributes["kind"] in SENTENCES:
        return _sentence(network, slug, name, lang)
    if attributes["kind"] in ("zone", "locality"):
        return _cut(_place(network, slug, name), limit)
    if attributes["kind"] == "infrastructure":
        return _cut(_shorter(BRACKETS.sub("", name)), limit)
    limit = max(limit, PRODUCT)
    return _cut(name if len(name) <= limit else BRACKETS.sub("", name), limit)


def _firm(network: nx.MultiDiGraph, slug: str, name: str, lang: str, limit: int) -> str:
    short = _without(BRACKETS.sub("", name), (*FORMS_BEFORE, *FORMS_AFTER))
    short = _without_end(_tidy(AFTER_THE_NAME.sub("", short)), _places(network, slug))
    if len(short) > limit:
        short = _without(short, TRADES)
    group = network.nodes[slug].get("group")
    if len(short) > limit and group in network and group != slug:
        top = short_name(network, group, lang, limit)
        if re.search(WORD.format(re.escape(top)), short, re.IGNORECASE):
            return top
    alias = ALIAS.search(name)
    if len(short) > limit and alias and alias[1] not in COUNTRY:
        return alias[1]
    if len(short) > limit:
        short = _without(short, COUNTRY)
    if len(short) > limit and name.startswith(FORMS_BEFORE) and (brand := _brand(short)):
        short = brand
    return _cut(short, limit)


def _brand(name: str) -> str:
    """Xuất nhập khẩu Quốc tế Tân Đại Dương -> Tân Đại Dương; empty if the name ends otherwise."""
    words: list[str] = []
    for word in reversed(name.split(" ")):
        if word[0].islower():
            break
        words.insert(0, word)
    return " ".join(words).strip(" -–") if len(words) < len(name.split(" ")) else ""


def _institution(network: nx.MultiDiGraph, slug: str, name: str, lang: str, limit: int) -> str:
    """Without the body it belongs to; a long name gives way to the shortest other one, or loses its place.

    In English a people's committee is called after its place.
    """
    attributes = network.nodes[slug]
    for _, above, relation in network.out_edges(slug, data="relation"):
        if relation == "sub_organization_of" and attributes["subkind"] == "secretariat":
            name = _without(name, (short_name(network, above, lang), network.nodes[above]["label"][lang]))
    if attributes["subkind"] == "zone-authority":
        name = _without(name, _places(network, slug))
    if attributes["subkind"] == "people-committee" and lang == "en" and attributes["locality"] in network:
        return f"{short_name(network, attributes['locality'], lang)} PC"
    name = _shorter(name)
    others = [
        o for o in attributes.get("other_names", ()) if len(o) < len(name) and (lang == "vi" or o.isascii())
    ]
    if len(name) > limit and others:
        return min(others, key=lambda other: (len(other), other))
    return name if len(name) <= limit else _cut(_without(name, _places(network, slug)), limit)


def _sentence(network: nx.MultiDiGraph, slug: str, name: str, lang: str) -> str:
    """The beginning of a sentence, with short names for what it is about."""
    for _, subject, relation in network.out_edges(slug, data="relation"):
        if relation == "about_subject":
            name = name.replace(network.nodes[subject]["label"][lang], short_name(network, subject, lang))
    return "\n".join(textwrap.wrap(name, 28, max_lines=2, placeholder=" …"))


def _place(network: nx.MultiDiGraph, slug: str, name: str) -> str:
    short = _without(_shorter(PHASE.sub("", name)).replace("Economic Zone", "EZ"), KINDS_OF_PLACE)
    without = _without_end(short, _places(network, slug))
    return without if " " in without else short


def _places(network: nx.MultiDiGraph, slug: str) -> tuple[str, ...]:
    """Names of the locality a thing lies in, with and without diacritics, joined and apart."""
    attributes = network.nodes[slug]
    home = attributes.get("locality_stated") or attributes.get("locality")
    if home not in network or home == slug:
        return ()
    name = _without(BRACKETS.sub("", network.nodes[home]["label"]["vi"]), KINDS_OF_PLACE)
    plain = "".join(
        c for c in unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")) if c.isascii()
    )
    joined = plain.replace(" ", "").capitalize()
    return tuple(dict.fromkeys((f"tỉnh {name}", f"thành phố {name}", name, plain, joined)))


def _without(name: str, phrases: tuple[str, ...]) -> str:
    """The name without these phrases; unchanged where nothing would be left."""
    short = name
    for phrase in phrases:
        short = re.sub(WORD.format(re.escape(phrase)) + r"\.?", " ", short, flags=re.IGNORECASE)
    short = _tidy(short)
    if not short:
        return name
    return short[0].upper() + short[1:] if name[0].isupper() else short


def _tidy(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip(" -–,./")


def _without_end(name: str, phrases: tuple[str, ...]) -> str:
    """The name without a phrase at its end, unless only a word such as Sơn or May would be left."""
    for phrase in phrases:
        short = _tidy(re.sub(WORD.format(re.escape(phrase)) + "$", "", name, flags=re.IGNORECASE))
        if short != name and (len(short) > 3 or short.isupper()):
            return short
    return name


def _shorter(name: str) -> str:
    for long, short in SHORTER:
        name = name.replace(long, short)
    return name


def _cut(name: str, limit: int) -> str:
    """Whole words up to the limit; a first word that is too long is cut and marked."""
    if len(name) <= limit:
        return name
    cut = name[: limit + 1].rsplit(" ", 1)[0] if " " in name[: limit + 1] else ""
    cut = re.sub(r"\s+(?:and|of|the|và|của|&|-|–)$", "", cut).rstrip(" -–,/")
    return cut or name[: limit - 1] + "…"
