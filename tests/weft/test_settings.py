import pytest

from weft.errors import SettingsError
from weft.settings import Settings, read_settings
from weft.words import parse_duration, plural, print_duration


def test_every_setting_has_a_default() -> None:
    assert read_settings({}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEFT_PORT", "http"),
        ("WEFT_PORT", "70000"),
        ("WEFT_WORKERS", "0"),
        ("WEFT_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}={value}: "):
        read_settings({name: value})


@pytest.mark.parametrize("text", ["200ms", "30s", "15m", "12h", "3d", "2w"])
def test_durations_are_printed_as_they_were_read(text: str) -> None:
    assert print_duration(parse_duration(text)) == text


@pytest.mark.parametrize("text", ["", "0d", "3 days", "-1h", "1.5h", "d"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a duration such as"):
        parse_duration(text)


def test_plural_counts() -> None:
    assert [plural(1, "row"), plural(12_304, "new event")] == ["1 row", "12,304 new events"]
