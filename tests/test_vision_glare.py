import numpy as np
import pytest
from PIL import Image

from fieldcheck.vision.features import Bytes
from fieldcheck.vision.glare import Light, contrast_raised
from photos import SIZE, engraving, faint, in_glare

GROUND = (150, 120, 90)


def grey(picture: Image.Image) -> Bytes:
    return np.asarray(picture.convert("L"))


def sheet_on_ground() -> Image.Image:
    ground = Image.new("RGB", (640, 480), GROUND)
    ground.paste(faint(engraving(7), 0.03).resize((400, 300)), (120, 90))
    return ground


def test_a_picture_full_of_details_has_no_even_light() -> None:
    assert not Light.of(grey(engraving(1))).is_even


def test_a_dark_even_photo_is_no_light() -> None:
    assert Light.of(grey(Image.new("RGB", SIZE, GROUND))) == Light(0.0, 0.0)


def test_a_photo_without_pixels_is_no_light() -> None:
    assert Light.of(np.empty((0, 0), np.uint8)) == Light(0.0, 0.0)


def test_paper_in_plain_light_is_even_and_no_glare() -> None:
    light = Light.of(grey(sheet_on_ground()))
    assert light.is_even
    assert not light.is_glare


def test_a_lamp_in_the_photo_is_glare() -> None:
    light = Light.of(grey(in_glare(sheet_on_ground(), at=(300, 120), reach=120, amount=130)))
    assert light.is_glare


@pytest.mark.parametrize("size", [(640, 480), (64, 64), (640, 64), (1, 1)])
def test_a_photo_of_any_size_is_judged(size: tuple[int, int]) -> None:
    white = np.full(size[::-1], 255, np.uint8)
    assert 0 <= Light.of(white).even <= 1
    assert contrast_raised(white).shape == white.shape


def test_faint_marks_are_made_plain_and_no_pixel_moves() -> None:
    pale = grey(faint(engraving(7), 0.05))
    raised = contrast_raised(pale)
    assert (raised.shape, raised.dtype) == (pale.shape, np.uint8)
    assert raised.std() > 2 * pale.std()
    assert np.corrcoef(raised.ravel(), pale.ravel())[0, 1] > 0.8
