import pytest
from PIL import Image

from fieldcheck.vision.refusals import Refusal
from fieldcheck.vision.usability import judge
from photos import blurred, noisy, painting


def on(background: int, share: float) -> Image.Image:
    """A small object in the middle of a plain background."""
    picture = Image.new("RGB", (400, 400), (background,) * 3)
    side = round(400 * share**0.5)
    picture.paste(painting(3).resize((side, side)), ((400 - side) // 2,) * 2)
    return picture


GOOD = {
    "painting": painting(1),
    "noisy": noisy(painting(2)),
    "at dusk": painting(3).point(lambda value: value * 0.3),
    "washed out": painting(3).point(lambda value: 200 + value * 0.2),
    "slightly blurred": blurred(painting(4), 2),
    "small on white paper": on(255, 0.03),
    "small on black velvet": on(0, 0.03),
    "narrow": painting(5, (64, 900)),
    "grey": painting(6).convert("L").convert("RGB"),
    "one line": Image.linear_gradient("L").point(lambda value: 255 * (value > 128)).convert("RGB"),
}
BAD = {
    "black": (Image.new("RGB", (300, 200)), Refusal.TOO_DARK),
    "in the dark": (painting(1).point(lambda value: value * 0.08), Refusal.TOO_DARK),
    "white": (Image.new("RGB", (300, 200), "white"), Refusal.GLARE),
    "bleached": (painting(1).point(lambda value: min(255, 247 + value * 0.5)), Refusal.GLARE),
    "grey card": (Image.new("RGB", (300, 200), (120, 120, 120)), Refusal.BLANK),
    "wall": (noisy(Image.new("RGB", (480, 360), (120, 120, 120)), 8), Refusal.BLANK),
    "out of focus": (blurred(painting(1), 24), Refusal.BLURRED),
    "shading only": (Image.linear_gradient("L").convert("RGB"), Refusal.BLURRED),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_photo_that_shows_something_is_compared(name: str) -> None:
    assert judge(GOOD[name]) is None


@pytest.mark.parametrize("name", BAD)
def test_a_hopeless_photo_is_refused_for_its_reason(name: str) -> None:
    photo, reason = BAD[name]
    assert judge(photo) is reason


@pytest.mark.parametrize("reason", list(Refusal))
def test_every_reason_says_what_to_do(reason: Refusal) -> None:
    problem, _, advice = reason.sentence.replace("; ", ": ").rpartition(": ")
    assert len(problem.split()) >= 4
    assert len(advice.split()) >= 4
    assert reason.sentence[0].islower()
    assert not reason.sentence.endswith(".")
