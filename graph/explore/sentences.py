"""One relation in one sentence, from its subject to its object."""

from __future__ import annotations

import re

from graph.explore.lines import Line
from graph.explore.things import Things
from graph.explore.words import decimal, relation_name, say
from graph.gaps.wording import mid_sentence
from graph.model import Text

SENTENCES: dict[str, Text] = {
    "supplies": {"vi": "{a} cung ứng cho {b}.", "en": "{a} supplies {b}."},
    "supplies-product": {"vi": "{a} cung ứng {product} cho {b}.", "en": "{a} supplies {b} with {product}."},
    "makes": {"vi": "{a} sản xuất {b}.", "en": "{a} makes {b}."},
    "provides": {"vi": "{a} cung cấp {b}.", "en": "{a} makes {b}."},
    "own-use": {"vi": "{a} sản xuất {b} để tự dùng.", "en": "{a} makes {b} for its own use."},
    "requires": {"vi": "Để sản xuất {a} cần có {b}.", "en": "Making {a} needs {b}."},
    "broader": {"vi": "{a} thuộc nhóm {b}.", "en": "{a} is a kind of {b}."},
    "operated_by": {"vi": "{a} do {b} vận hành.", "en": "{a} is operated by {b}."},
    "group_plants": {"vi": "{a} là nhà máy của tập đoàn {b}.", "en": "{a} is a plant of the group {b}."},
    "in_zone": {"vi": "{a} nằm trong {b}.", "en": "{a} stands in {b}."},
    "located_in": {"vi": "{a} nằm ở {b}.", "en": "{a} lies in {b}."},
    "at_infrastructure": {"vi": "{a} nằm tại {b}.", "en": "{a} stands at {b}."},
    "sub_organization_of": {"vi": "{a} trực thuộc {b}.", "en": "{a} is part of {b}."},
    "part_of": {"vi": "{a} thuộc {b}.", "en": "{a} is part of {b}."},
    "phase_of": {"vi": "{a} là một giai đoạn của {b}.", "en": "{a} is a phase of {b}."},
    "developed_by": {"vi": "{a} do {b} đầu tư hạ tầng.", "en": "{a} is developed by {b}."},
    "managed_by": {"vi": "{a} do {b} quản lý.", "en": "{a} is managed by {b}."},
    "access": {"vi": "{a} cách {b} {km} km.", "en": "{a} is {km} km from {b}."},
    "member_of": {"vi": "{a} là thành viên của {b}.", "en": "{a} is a member of {b}."},
    "holds_office": {"vi": "{a} giữ chức vụ tại {b}.", "en": "{a} holds office at {b}."},
    "signatory": {"vi": "{b} đã ký {a}.", "en": "{b} signed {a}."},
    "covers_locality": {"vi": "{a} áp dụng cho {b}.", "en": "{a} covers {b}."},
    "organiser": {"vi": "{b} tổ chức {a}.", "en": "{b} organised {a}."},
    "host": {"vi": "{b} đăng cai {a}.", "en": "{b} hosted {a}."},
    "participant": {"vi": "{b} đã dự {a}.", "en": "{b} took part in {a}."},
    "publisher": {"vi": "{b} đã ban hành {a}.", "en": "{b} issued {a}."},
    "about_subject": {"vi": "“{a}” nói về {b}.", "en": "“{a}” is about {b}."},
    "about_product": {"vi": "“{a}” nói về {b}.", "en": "“{a}” is about {b}."},
    "about_locality": {"vi": "“{a}” nói về {b}.", "en": "“{a}” is about {b}."},
    "evidence": {"vi": "“{a}” được đối chiếu với {b}.", "en": "“{a}” is checked against {b}."},
    "mentioned_in": {
        "vi": "“{b}” được đối chiếu với nhà máy của {a}.",
        "en": "“{b}” is checked against plants of {a}.",
    },
    "stated_by": {"vi": "{b} đã nói: “{a}”.", "en": "{b} said: “{a}”."},
    "successor": {"vi": "{b} kế tục {a}.", "en": "{b} is the successor of {a}."},
    "input_unit": {"vi": "{b} là một bên trong thay đổi “{a}”.", "en": "{b} entered the change “{a}”."},
    "output_unit": {"vi": "{b} là kết quả của thay đổi “{a}”.", "en": "{b} came out of the change “{a}”."},
    "candidate": {"vi": "Có thể hỏi {b} về {a}.", "en": "{b} could be asked for {a}."},
    "column": {
        "vi": "{a} và {b} đứng cùng một cột trong hình. Đường này không phải liên kết đã ghi nhận.",
        "en": "{a} and {b} stand in one column of the picture. This line is no recorded relation.",
    },
    "needed-here": {
        "vi": "{n} nhà máy ở {b} cần {a}; chưa ghi nhận nguồn cung trong hành lang.",
        "en": "Plants in {b} that need {a}, with no corridor supply recorded: {n}.",
    },
}  # fmt: skip
LOWER = frozenset({"makes", "requires", "broader"})
"""Relations to a product, which is named in mid-sentence."""


def sentence(things: Things, line: Line) -> str:
    """`LG Display supplies Apple with OLED display module.`"""
    (start, end, _, data), lang = line.link, things.lang
    if line.need:
        product = mid_sentence(things.name(start))
        if things.kind(end) == "locality":
            return SENTENCES["needed-here"][lang].format(a=product, b=things.name(end), n=data["plants"])
        return say("link-not-recorded", lang, buyer=things.name(end), product=product) + "."
    relation = data["relation"]
    key = relation
    values = {"a": things.name(start), "b": things.name(end)}
    if relation == "supplies" and data.get("product") in things.network:
        key, values["product"] = "supplies-product", mid_sentence(things.name(data["product"]))
    elif relation == "makes" and data.get("own_use"):
        key = "own-use"
    elif relation == "makes" and things.network.nodes[end].get("level") == "service":
        key = "provides"
    elif relation == "access":
        values["km"] = decimal(data["distance_km"], lang)
    if relation in LOWER:
        values["b"] = mid_sentence(values["b"])
    if relation in ("requires", "candidate"):
        values["a"] = mid_sentence(values["a"])
    if key not in SENTENCES:
        return f"{values['a']} → {relation_name(relation, 'out', lang)}: {values['b']}."
    return re.sub(r"\.\.$", ".", SENTENCES[key][lang].format(**values))
