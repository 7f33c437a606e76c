"""Sentences of findings in Vietnamese and English: names inside a sentence, counts, numbers, lists."""

from __future__ import annotations

from collections.abc import Sequence

from graph.model import Text

STATUS_NAMES: dict[str, Text] = {
    "operating": {"vi": "đang hoạt động", "en": "operating"},
    "under-construction": {"vi": "đang xây dựng", "en": "under construction"},
    "licensed": {"vi": "đã được cấp phép", "en": "licensed"},
    "planned": {"vi": "dự kiến", "en": "planned"},
    "mou": {"vi": "mới có biên bản ghi nhớ", "en": "memorandum only"},
    "unknown": {"vi": "chưa rõ tình trạng", "en": "status not known"},
    "current": {"vi": "hiện hành", "en": "current"},
    "unverified": {"vi": "chưa kiểm chứng", "en": "unverified"},
    "ended": {"vi": "đã kết thúc", "en": "ended"},
}
CRITICALITY_NAMES: dict[float, Text] = {
    1.0: {"vi": "cốt yếu", "en": "core"},
    0.5: {"vi": "thường dùng", "en": "common"},
}
SIZE_BASIS_NAMES: dict[str, Text] = {
    "employees": {"vi": "lao động", "en": "employees"},
    "capital": {"vi": "triệu USD vốn", "en": "million USD of capital"},
    "median": {
        "vi": "trung vị của nhóm, vì chưa ghi nhận quy mô",
        "en": "median of its kind, as no size is recorded",
    },
}


def mid_sentence(name: str) -> str:
    """A product name as it stands inside a sentence: lower first letter unless its first word has capitals.

    >>> mid_sentence("Ô tô con"), mid_sentence("LED component"), mid_sentence("P-OLED stiffener")
    ('ô tô con', 'LED component', 'P-OLED stiffener')
    """
    word = name.split(" ", 1)[0]
    return name if word[1:] != word[1:].lower() else name[:1].lower() + name[1:]


def in_sentence(name: Text) -> Text:
    """`mid_sentence` in both languages."""
    return {language: mid_sentence(text) for language, text in name.items()}


def status_name(status: str | None) -> Text:
    """Name of a facility or link status in both languages."""
    return STATUS_NAMES.get(status or "unknown", {"vi": status or "", "en": status or ""})


def with_status(name: Text, status: str | None) -> Text:
    """A facility name with its status in brackets, unless it is known to operate.

    >>> with_status({"vi": "A (KCN B)", "en": "A (B Park)"}, "licensed")["en"]
    'A (B Park; licensed)'
    """
    if status == "operating":
        return name
    return {
        language: f"{text[:-1]}; {status_name(status)[language]})"
        if text.endswith(")")
        else f"{text} ({status_name(status)[language]})"
        for language, text in name.items()
    }


def count(number: int, noun: str) -> str:
    """English count with a regular plural: 1 plant, 17 plants."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def decimal(value: float, digits: int = 2) -> Text:
    """A number in both languages: 0,62 and 0.62."""
    text = f"{value:.{digits}f}"
    return {"vi": text.replace(".", ","), "en": text}


def figure(value: float) -> Text:
    """A recorded number with thousands marks: 5.650 and 5,650, 324,85 and 324.85."""
    whole, _, rest = f"{value:,.2f}".partition(".")
    rest = rest.rstrip("0")
    return {
        "vi": whole.replace(",", ".") + ("," + rest if rest else ""),
        "en": whole + ("." + rest if rest else ""),
    }


def kilometres(distance: float | None) -> Text:
    """A distance in whole kilometres; zone points are district seats, so nothing under 20 km is claimed."""
    if distance is None:
        return {"vi": "chưa rõ khoảng cách", "en": "distance not known"}
    if distance < 20:
        return {"vi": "cách dưới 20 km", "en": "under 20 km away"}
    return {"vi": f"cách khoảng {distance:.0f} km", "en": f"about {distance:.0f} km away"}


def listing(names: Sequence[Text], limit: int = 4) -> Text:
    """Names joined with semicolons (product names have commas); beyond the limit only their number."""
    joined = {}
    for language, word, more in (("vi", "và", "{} mục khác"), ("en", "and", "{} more")):
        shown = [name[language] for name in names[:limit]]
        if len(names) > limit:
            shown.append(more.format(len(names) - limit))
        joined[language] = f" {word} ".join(["; ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    return joined
