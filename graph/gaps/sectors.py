"""Sectors of products: the branch of the product tree where the tree classifies every product, else ISIC
divisions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, cached_property

from graph.gaps.world import World
from graph.model import Text

DIVISIONS: dict[str, Text] = {
    "01": {"vi": "nông nghiệp", "en": "agriculture"},
    "03": {"vi": "thủy sản", "en": "fishing"},
    "05": {"vi": "khai thác than", "en": "coal mining"},
    "06": {"vi": "khai thác dầu khí", "en": "oil and gas"},
    "07": {"vi": "khai thác quặng kim loại", "en": "metal ores"},
    "08": {"vi": "khai khoáng khác", "en": "other mining"},
    "10": {"vi": "thực phẩm", "en": "food"},
    "11": {"vi": "đồ uống", "en": "beverages"},
    "13": {"vi": "dệt", "en": "textiles"},
    "14": {"vi": "may mặc", "en": "clothing"},
    "15": {"vi": "da giày", "en": "leather and footwear"},
    "16": {"vi": "gỗ", "en": "wood"},
    "17": {"vi": "giấy", "en": "paper"},
    "18": {"vi": "in", "en": "printing"},
    "19": {"vi": "than cốc, lọc dầu", "en": "coke and refined petroleum"},
    "20": {"vi": "hóa chất", "en": "chemicals"},
    "21": {"vi": "dược phẩm", "en": "pharmaceuticals"},
    "22": {"vi": "cao su và nhựa", "en": "rubber and plastics"},
    "23": {"vi": "khoáng phi kim loại", "en": "glass, cement and other minerals"},
    "24": {"vi": "kim loại", "en": "basic metals"},
    "25": {"vi": "sản phẩm kim loại", "en": "metal products"},
    "26": {"vi": "điện tử, máy tính, quang học", "en": "electronics and optics"},
    "27": {"vi": "thiết bị điện", "en": "electrical equipment"},
    "28": {"vi": "máy móc", "en": "machinery"},
    "29": {"vi": "ô tô", "en": "motor vehicles"},
    "30": {"vi": "phương tiện vận tải khác", "en": "ships and other transport equipment"},
    "31": {"vi": "đồ nội thất", "en": "furniture"},
    "32": {"vi": "chế biến, chế tạo khác", "en": "other manufacturing"},
    "33": {"vi": "sửa chữa, lắp đặt máy móc", "en": "repair and installation"},
    "35": {"vi": "điện, khí đốt", "en": "electricity and gas"},
    "42": {"vi": "xây dựng công trình", "en": "civil engineering"},
    "52": {"vi": "kho bãi, hỗ trợ vận tải", "en": "warehousing and support for transport"},
    "68": {"vi": "bất động sản", "en": "real estate"},
    "71": {"vi": "kiến trúc, kiểm tra và phân tích kỹ thuật", "en": "engineering and technical testing"},
}


class Sectors:
    """Which sector a facility belongs to, by its main product."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.of_product = cache(self._of_product)

    @cached_property
    def by_tree(self) -> bool:
        """Whether each product made stands under a broader one, so that the tops of the tree are sectors."""
        return all(self._world.branch(made) for made in self._world.makers_of)

    def _of_product(self, product: str) -> str | None:
        """The branch below the root, or the ISIC division; None if neither is known."""
        if not self.by_tree:
            isic = self._world.node(product).get("isic4")
            return f"isic-{isic[:2]}" if isic else None
        tops = [wide for wide in self._world.upward(product) if not self._world.branch(wide)]
        return min(tops)

    def of_facility(self, facility: str) -> dict[str, float]:
        """Sector -> share of the size of a facility; equal main products share it evenly."""
        mains = main_products(self._world, facility)
        shares: dict[str, float] = defaultdict(float)
        for product in mains:
            if (sector := self.of_product(product)) is not None:
                shares[sector] += 1 / len(mains)
        return dict(shares)

    def name(self, sector: str) -> Text:
        """A sector in words."""
        if sector.startswith("isic-"):
            division = sector.removeprefix("isic-")
            return DIVISIONS.get(
                division, {"vi": f"ngành ISIC {division}", "en": f"ISIC division {division}"}
            )
        return self._world.name(sector)


def main_products(world: World, facility: str) -> list[str]:
    """The products with most recorded sales; among equals those that are needed most here."""
    sales = Counter(link.product for link in world.links_out[facility])

    def weight(product: str) -> tuple[int, float, int]:
        return sales[product], world.strongest_need.get(product, 0.0), len(world.buyers.get(product, ()))

    made = sorted(world.makes.get(facility, ()))
    best = max(map(weight, made), default=None)
    return [product for product in made if weight(product) == best]
