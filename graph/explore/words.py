"""Words of the picture in Vietnamese and English: names of relations, headings, counts."""

from __future__ import annotations

from typing import Any

from graph.model import Text

TEXTS: dict[str, Text] = {
    "overview": {"vi": "Hành lang trong một hình", "en": "The corridor in one picture"},
    "overview-sub": {
        "vi": "{n} mục. Bấm để xem thông tin, bấm đúp để mở rộng.",
        "en": "{n} things. Click to read, double-click to expand.",
    },
    "filtered": {
        "vi": "{n}/{all} mục đạt bộ lọc.",
        "en": "{n} of {all} things match the filters.",
    },
    "nothing-matches": {
        "vi": "Không mục nào đạt bộ lọc. Hãy bỏ bớt một lựa chọn.",
        "en": "Nothing matches these filters. Take one of them away.",
    },
    "left-out": {"vi": "{n} mục bị bộ lọc ẩn.", "en": "{n} things left out by filters."},
    "one-left-out": {"vi": "1 mục bị bộ lọc ẩn.", "en": "1 thing left out by filters."},
    "also-match": {"vi": "Cũng đạt bộ lọc, không vẽ riêng", "en": "Also match, not drawn by themselves"},
    "also-match-first": {
        "vi": "Cũng đạt bộ lọc, không vẽ riêng: {n} mục đầu trong {all}",
        "en": "Also match, not drawn by themselves: the first {n} of {all}",
    },
    "of-them": {"vi": "{n} trong số đó đạt bộ lọc", "en": "{n} of them match the filters"},
    "match-here": {"vi": "đạt bộ lọc: {what}", "en": "{what} match"},
    "no-park": {"vi": "không ghi rõ khu", "en": "park not stated"},
    "ten-inputs": {
        "vi": "{n} đầu vào\nchưa ghi nhận\nnơi sản xuất để bán",
        "en": "{n} inputs: no\nmaker that sells\nthem recorded",
    },
    "inputs-heading": {
        "vi": "Đầu vào cần nhiều nhất mà chưa ghi nhận nơi sản xuất để bán",
        "en": "Most needed inputs with no recorded maker that sells them",
    },
    "plants-need": {"vi": "{n} nhà máy cần", "en": "{n} plants need it"},
    "plants-need-of": {"vi": "{n}/{all} nhà máy cần", "en": "{n} of {all} need it"},
    "plant-needs": {"vi": "1 nhà máy cần", "en": "1 plant needs it"},
    "other-parks": {"vi": "khu khác", "en": "other parks"},
    "other-anchors": {"vi": "+{n} khác", "en": "+{n} more"},
    "gulf": {"vi": "Vịnh\nBắc Bộ", "en": "Gulf of\nTonkin"},
    "to-hanoi": {"vi": "← Hà Nội", "en": "← Hà Nội"},
    "to-mong-cai": {"vi": "Móng Cái →", "en": "Móng Cái →"},
    "co-chair": {"vi": "đồng chủ tịch", "en": "co-chair"},
    "coordination": {"vi": "Cơ chế điều phối", "en": "Coordination"},
    "ports": {"vi": "Cảng, sân bay, cửa khẩu", "en": "Ports, airports, gates"},
    "makers-heading": {"vi": "Nơi sản xuất đã ghi nhận", "en": "Recorded makers"},
    "needs-heading": {"vi": "Đầu vào cần", "en": "Needs"},
    "buyers-heading": {"vi": "Bên mua đã ghi nhận", "en": "Recorded buyers"},
    "claims-heading": {"vi": "Nhận định liên quan", "en": "Claims"},
    "focus-sub": {"vi": "Các liên kết đã ghi nhận và còn thiếu", "en": "Recorded and missing links"},
    "evidence-sub": {
        "vi": "Căn cứ của phát hiện này",
        "en": "What this finding rests on",
    },
    "no-maker": {"vi": "chưa ghi nhận nơi sản xuất", "en": "no maker recorded"},
    "no-seller": {"vi": "chưa ghi nhận nơi bán", "en": "no maker that sells"},
    "maker-not-recorded": {
        "vi": "Chưa ghi nhận nơi nào trong hành lang sản xuất {product} để bán",
        "en": "No maker that sells {product} is recorded in the corridor",
    },
    "link-not-recorded": {
        "vi": "{buyer} cần {product}; chưa ghi nhận nguồn cung trong hành lang",
        "en": "{buyer} needs {product}; no corridor supply recorded",
    },
    "other-supply": {"vi": "Đã ghi nhận: {suppliers}", "en": "Recorded: {suppliers}"},
    "recorded-plants": {"vi": "{plants} đã ghi nhận", "en": "{plants} recorded"},
    "outside": {"vi": "ngoài hành lang", "en": "outside the corridor"},
    "not-begun": {"vi": "chưa bắt đầu vào ngày này ({year})", "en": "had not started on this date ({year})"},
    "before": {"vi": "trước {day}", "en": "before {day}"},
    "from": {"vi": "từ {day}", "en": "from {day}"},
    "some-outside": {
        "vi": "{plants} trong số đó ngoài địa bàn thỏa thuận.",
        "en": "{plants} of these not of the agreement.",
    },
    "not-of-agreement": {"vi": "+{n} ngoài thỏa thuận", "en": "+{n} not of the agreement"},
    "part-of": {"vi": "thuộc tập đoàn", "en": "group"},
    "inside": {"vi": "thuộc", "en": "part of"},
    "next": {"vi": "+{n} mục nữa", "en": "next {n}"},
    "candidate": {"vi": "nơi có thể hỏi", "en": "could be asked"},
    "distance": {"vi": "{n} km", "en": "{n} km"},
    "computed": {"vi": "suy ra", "en": "computed"},
    "chosen": {"vi": "{n} mục đã chọn", "en": "{n} chosen things"},
    "chosen-one": {"vi": "1 mục đã chọn", "en": "1 chosen thing"},
    "chosen-sub": {"vi": "{lines} giữa các mục này.", "en": "{lines} between them."},
    "chosen-unknown": {"vi": "Không có ở đây: {ids}.", "en": "Not here: {ids}."},
    "chosen-more": {"vi": "{ids} và {n} mã khác", "en": "{ids} and {n} more"},
    "no-line": {"vi": "{kind} không có đường nối trong hình", "en": "{kind} without a line in this picture"},
    "added-heading": {"vi": "Đã thêm", "en": "Added"},
    "no-source": {"vi": "nhận định của nhóm biên soạn, chưa có nguồn", "en": "our own judgement, no source"},
}

STATUS: dict[str, Text] = {
    "operating": {"vi": "đang hoạt động", "en": "operating"},
    "under-construction": {"vi": "đang xây dựng", "en": "under construction"},
    "licensed": {"vi": "đã cấp phép", "en": "licensed"},
    "planned": {"vi": "dự kiến", "en": "planned"},
    "mou": {"vi": "mới có biên bản ghi nhớ", "en": "memorandum only"},
    "unknown": {"vi": "chưa rõ tình trạng", "en": "status not recorded"},
    "current": {"vi": "hiện hành", "en": "current"},
    "unverified": {"vi": "chưa kiểm chứng", "en": "unverified"},
    "ended": {"vi": "đã kết thúc", "en": "ended"},
    "same-group": {"vi": "cùng tập đoàn", "en": "same group"},
    "contract": {"vi": "theo hợp đồng", "en": "by contract"},
    "stated": {"vi": "nguồn nêu", "en": "stated"},
}

KINDS: dict[str, Text] = {
    "zone": {"vi": "Khu và cụm", "en": "Zones"},
    "facility": {"vi": "Nhà máy", "en": "Plants"},
    "organization": {"vi": "Tổ chức", "en": "Organisations"},
    "infrastructure": {"vi": "Hạ tầng", "en": "Infrastructure"},
    "event": {"vi": "Sự kiện", "en": "Events"},
}
"""Headings of what lies in a locality, in this order."""

BODIES: Text = {"vi": "Cơ quan, hội đồng", "en": "Public bodies"}
"""Heading of the organisations that are no firms."""
PLURALS: dict[str, Text] = {
    "locality": {"vi": "Địa phương", "en": "Localities"},
    "zone": KINDS["zone"],
    "organization": KINDS["organization"],
    "person": {"vi": "Con người", "en": "People"},
    "facility": KINDS["facility"],
    "product": {"vi": "Sản phẩm, đầu vào", "en": "Products and inputs"},
    "infrastructure": KINDS["infrastructure"],
    "agreement": {"vi": "Thỏa thuận", "en": "Agreements"},
    "event": KINDS["event"],
    "document": {"vi": "Văn bản", "en": "Documents"},
    "claim": {"vi": "Nhận định", "en": "Claims"},
    "expert_statement": {"vi": "Ý kiến chuyên gia", "en": "Expert statements"},
    "change": {"vi": "Thay đổi địa giới", "en": "Changes of boundaries"},
}
"""Headings of all kinds of thing, in the order in which a chosen set shows them."""

RELATIONS: dict[tuple[str, str], Text] = {
    ("missing", "out"): {
        "vi": "Đầu vào chưa ghi nhận nguồn cung trong hành lang",
        "en": "Needs with no recorded supply from the corridor",
    },
    ("missing", "in"): {
        "vi": "Nhà máy cần, chưa ghi nhận nguồn cung trong hành lang",
        "en": "Plants in need, no corridor supply recorded",
    },
    ("supplies", "out"): {"vi": "Cung ứng cho", "en": "Supplies"},
    ("supplies", "in"): {"vi": "Mua từ", "en": "Buys from"},
    ("makes", "out"): {"vi": "Sản xuất", "en": "Makes"},
    ("makes", "in"): {"vi": "Nơi sản xuất", "en": "Made by"},
    ("requires", "out"): {"vi": "Cần đầu vào", "en": "Needs as input"},
    ("requires", "in"): {"vi": "Là đầu vào của", "en": "Input of"},
    ("broader", "out"): {"vi": "Nhóm rộng hơn", "en": "Broader product"},
    ("broader", "in"): {"vi": "Sản phẩm hẹp hơn", "en": "Narrower products"},
    ("operated_by", "out"): {"vi": "Đơn vị vận hành", "en": "Operated by"},
    ("operated_by", "in"): {"vi": "Các nhà máy đang vận hành", "en": "Operates"},
    ("group_plants", "out"): {"vi": "Thuộc tập đoàn", "en": "Plant of the group"},
    ("group_plants", "in"): {"vi": "Nhà máy của tập đoàn", "en": "Plants of the group"},
    ("in_zone", "out"): {"vi": "Nằm trong khu", "en": "Stands in"},
    ("in_zone", "in"): {"vi": "Nhà máy trong khu", "en": "Plants here"},
    ("in_zone_besides", "in"): {
        "vi": "Đã kết thúc hoặc mới có biên bản ghi nhớ",
        "en": "Ended, or a memorandum only",
    },
    ("located_in", "out"): {"vi": "Thuộc địa phương", "en": "Located in"},
    ("located_in", "in"): {"vi": "Nằm trong địa phương này", "en": "Located here"},
    ("at_infrastructure", "out"): {"vi": "Tại cảng, sân bay", "en": "At port or airport"},
    ("at_infrastructure", "in"): {"vi": "Cơ sở tại đây", "en": "Plants at this place"},
    ("sub_organization_of", "out"): {"vi": "Trực thuộc", "en": "Part of"},
    ("sub_organization_of", "in"): {"vi": "Đơn vị trực thuộc", "en": "Its organisations"},
    ("part_of", "out"): {"vi": "Thuộc khu rộng hơn", "en": "Part of zone"},
    ("part_of", "in"): {"vi": "Khu bên trong", "en": "Zones inside"},
    ("phase_of", "out"): {"vi": "Là giai đoạn của", "en": "Phase of"},
    ("phase_of", "in"): {"vi": "Các giai đoạn", "en": "Phases"},
    ("developed_by", "out"): {"vi": "Chủ đầu tư hạ tầng", "en": "Developed by"},
    ("developed_by", "in"): {"vi": "Khu do đơn vị này phát triển", "en": "Develops"},
    ("managed_by", "out"): {"vi": "Cơ quan quản lý", "en": "Managed by"},
    ("managed_by", "in"): {"vi": "Khu do cơ quan này quản lý", "en": "Manages"},
    ("access", "out"): {"vi": "Khoảng cách tới", "en": "Distance to"},
    ("access", "in"): {"vi": "Khu có nêu khoảng cách", "en": "Zones with a stated distance"},
    ("member_of", "out"): {"vi": "Thành viên của", "en": "Member of"},
    ("member_of", "in"): {"vi": "Thành viên", "en": "Members"},
    ("holds_office", "out"): {"vi": "Giữ chức vụ tại", "en": "Holds office at"},
    ("holds_office", "in"): {"vi": "Người giữ chức vụ", "en": "Office holders"},
    ("signatory", "out"): {"vi": "Bên ký kết", "en": "Signed by"},
    ("signatory", "in"): {"vi": "Đã ký", "en": "Signed"},
    ("covers_locality", "out"): {"vi": "Địa phương tham gia", "en": "Covers"},
    ("covers_locality", "in"): {"vi": "Thỏa thuận áp dụng", "en": "Covered by"},
    ("organiser", "out"): {"vi": "Đơn vị tổ chức", "en": "Organised by"},
    ("organiser", "in"): {"vi": "Sự kiện đã tổ chức", "en": "Organised"},
    ("host", "out"): {"vi": "Đơn vị đăng cai", "en": "Hosted by"},
    ("host", "in"): {"vi": "Sự kiện đã đăng cai", "en": "Hosted"},
    ("participant", "out"): {"vi": "Người tham dự", "en": "Participants"},
    ("participant", "in"): {"vi": "Đã tham dự", "en": "Took part in"},
    ("publisher", "out"): {"vi": "Cơ quan ban hành", "en": "Issued by"},
    ("publisher", "in"): {"vi": "Văn bản đã ban hành", "en": "Issued"},
    ("about_subject", "out"): {"vi": "Nói về", "en": "About"},
    ("about_subject", "in"): {"vi": "Nhận định về đối tượng này", "en": "Claims about it"},
    ("about_product", "out"): {"vi": "Nói về sản phẩm", "en": "About product"},
    ("about_product", "in"): {"vi": "Ý kiến chuyên gia", "en": "Expert statements"},
    ("about_locality", "out"): {"vi": "Nói về địa phương", "en": "About locality"},
    ("about_locality", "in"): {"vi": "Ý kiến chuyên gia", "en": "Expert statements"},
    ("evidence", "out"): {"vi": "Căn cứ đối chiếu", "en": "Checked against"},
    ("evidence", "in"): {"vi": "Dùng để đối chiếu nhận định", "en": "Evidence for claims"},
    ("mentioned_in", "out"): {"vi": "Được nhắc đến trong nhận định", "en": "Mentioned in claims"},
    ("mentioned_in", "in"): {"vi": "Nhắc đến", "en": "Mentions"},
    ("stated_by", "out"): {"vi": "Người phát biểu", "en": "Stated by"},
    ("stated_by", "in"): {"vi": "Đã phát biểu", "en": "Statements made"},
    ("successor", "out"): {"vi": "Đơn vị kế tục", "en": "Succeeded by"},
    ("successor", "in"): {"vi": "Kế tục từ", "en": "Successor of"},
    ("input_unit", "out"): {"vi": "Đơn vị trước thay đổi", "en": "Units before"},
    ("input_unit", "in"): {"vi": "Thay đổi địa giới", "en": "Change of boundaries"},
    ("output_unit", "out"): {"vi": "Đơn vị sau thay đổi", "en": "Unit after"},
    ("output_unit", "in"): {"vi": "Hình thành từ", "en": "Formed by"},
    ("candidate", "out"): {"vi": "Nơi có thể hỏi", "en": "Could be asked"},
    ("column", "out"): {"vi": "Cùng một cột trong hình", "en": "One column of the picture"},
    ("members", "out"): {"vi": "Các mục trong nhóm", "en": "What it holds"},
}
"""Heading of a relation seen from one end. A pair without a name here shows the relation's own name."""

SHOWN_FIRST = (
    "missing", "supplies", "makes", "requires", "group_plants", "operated_by", "in_zone", "in_zone_besides",
    "mentioned_in", "about_subject", "sub_organization_of", "part_of", "phase_of", "located_in",
)  # fmt: skip
"""Order of relations in lists and pictures; the others follow by name."""


def say(key: str, lang: str, **values: Any) -> str:
    """A text in one language with its values filled in."""
    return TEXTS[key][lang].format(**values)


def decimal(value: float, lang: str) -> str:
    """A number as the language writes it, without zeros at its end."""
    return f"{value:g}".replace(".", ",") if lang == "vi" else f"{value:g}"


def relation_name(relation: str, direction: str, lang: str) -> str:
    """Heading of a relation seen from one end (`out`: from its subject)."""
    return RELATIONS.get((relation, direction), {}).get(lang, relation.replace("_", " "))


def relation_rank(relation: str, direction: str) -> tuple[int, str, str]:
    """Sort key for relations."""
    place = SHOWN_FIRST.index(relation) if relation in SHOWN_FIRST else len(SHOWN_FIRST)
    return place, relation, direction


def in_words(n: int, lang: str) -> str:
    """A number at the beginning of a text."""
    return {10: {"vi": "Mười", "en": "Ten"}}.get(n, {}).get(lang, str(n))


def counted(n: int, noun: str, lang: str) -> str:
    """`17 plants`, `1 plant`; in Vietnamese `17 nhà máy`."""
    vi = {
        "plant": "nhà máy",
        "zone": "khu và cụm",
        "source": "nguồn",
        "claim": "nhận định",
        "input": "đầu vào",
        "line": "liên kết",
    }
    if lang == "vi":
        return f"{n} {vi[noun]}"
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
