from pathlib import Path

import pytest

from api.spec import open_spec
from weft.errors import SpecError


@pytest.mark.parametrize("side", ["item", "user"])
@pytest.mark.parametrize("name", ["key", "title", "tag_ids", "removed_at", "xmin", "not"])
def test_an_attribute_may_not_take_a_name_that_is_taken(
    tmp_path: Path, side: str, name: str
) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(f"name: shop\ncatalog:\n  {side}:\n    {name}: {{type: keyword}}\n")
    with pytest.raises(SpecError, match=rf"yaml:4: .*'{name}' is Weft's own column"):
        open_spec(path)
