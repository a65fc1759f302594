"""`procdsl run` on real pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from command_line import GOOD, PHOTOGRAPH, said
from image_files import opaque
from PIL import Image


def run_lines(out: str) -> list[list[str]]:
    return [line.split() for line in out.splitlines()]


def test_run_gives_one_digest_on_every_backend(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "good.proc", str(PHOTOGRAPH), "--backend", "all", "-o", "out"]
    code, out, err = said(capsys, *arguments)
    assert (code, err) == (0, "")
    lines = run_lines(out)
    assert [line[1] for line in lines] == ["numpy", "cv2", "torch"]
    assert len({line[0] for line in lines}) == 1
    x = np.load(folder / "out" / "chelsea.png.npy")
    assert (x.shape, x.dtype) == ((8, 8, 3), np.float32)


def test_run_reads_pictures_as_the_input_declares_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    Image.fromarray(pixels).save("rgb.png")
    Image.fromarray(pixels[..., 0]).save("gray.png")
    Image.fromarray(np.dstack([pixels, pixels[..., :1]])).save("rgba.png")
    for colour, axes, file, wanted in (
        ("rgb", "h, w, c=3", "rgb.png", pixels),
        ("bgr", "h, w, c=3", "rgb.png", pixels[..., ::-1]),
        ("rgb", "c=3, h, w", "rgb.png", pixels.transpose(2, 0, 1)),
        ("gray", "h, w", "gray.png", pixels[..., 0]),
        ("gray", "h, w, c=1", "gray.png", pixels[..., :1]),
        ("bgra", "h, w, c=4", "rgba.png", np.dstack([pixels[..., ::-1], pixels[..., :1]])),
    ):
        type_ = f"u8[{axes}] {colour}"
        text = f"proc 1\npipeline p\ninput image: {type_}\nmodel x: {type_} -> y: f32[n=3]\n"
        (folder / "p.proc").write_text(text)
        assert said(capsys, "run", "p.proc", file, "-o", "out")[0] == 0
        assert np.array_equal(np.load(folder / "out" / f"{file}.npy"), wanted), (type_, file)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_run_tells_an_exif_orientation_and_does_not_apply_it(
    folder: Path, capsys: pytest.CaptureFixture[str], orientation: int
) -> None:
    """On a JPEG, as a telephone writes it; Pillow's open gives its stored pixels."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    with Image.open(PHOTOGRAPH) as photograph:
        photograph.save("photo.jpg", exif=exif, quality=95)
    text = "proc 1\npipeline p\ninput image: {}\nmodel x: {} -> y: f32[n=3]\n"
    (folder / "p.proc").write_text(text.replace("{}", "u8[h, w, c=3] bgr"))
    code, out, err = said(capsys, "run", "p.proc", "photo.jpg", "-o", "out", "--backend", "all")
    found = np.load(folder / "out" / "photo.jpg.npy")
    with Image.open("photo.jpg") as stored:
        assert stored.getexif()[0x0112] == orientation
        assert np.array_equal(found, np.asarray(stored)[..., ::-1])
    turned = cv2.imread("photo.jpg")
    assert turned is not None
    assert (turned.shape != found.shape) == (orientation in (6, 8))
    note = (
        f"procdsl: photo.jpg: the EXIF orientation {orientation} is not applied: the pixels are "
        "those of PIL.Image.open, and cv2.imread would turn them\n"
    )
    assert (code, len(out.splitlines()), err) == (0, 3, "" if orientation == 1 else note)


def test_run_decodes_a_file_as_the_pipeline_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(PHOTOGRAPH) as photograph:
        photograph.save("photo.jpg", exif=exif, quality=95)
    (folder / "p.proc").write_text(
        "proc 1\npipeline p\ninput photo: bytes\n"
        "pre {\n    decode(bgr, by=cv2, formats=jpeg, exif=apply)\n}\n"
        "model x: u8[h, w, c=3] bgr -> y: f32[n=3]\n"
    )
    code, out, err = said(capsys, "run", "p.proc", "photo.jpg", "-o", "out", "--backend", "all")
    assert (code, err) == (0, "")
    assert len({line[0] for line in run_lines(out)}) == 1
    theirs = cv2.imread("photo.jpg")
    assert theirs is not None
    assert np.array_equal(np.load(folder / "out" / "photo.jpg.npy"), theirs)
    code, _, err = said(capsys, "run", "p.proc", str(PHOTOGRAPH))
    assert code == 2
    assert "chelsea.png: photo: expected a file of jpeg, got one that begins with" in err


def test_the_help_of_run_says_what_becomes_of_an_orientation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = " ".join(said(capsys, "run", "--help")[1].split())
    assert "an EXIF orientation is told, not applied" in shown


def test_run_on_what_is_no_picture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (4, 4)).save("gray.png")
    (folder / "text.png").write_text("no picture")
    shutil.copy(PHOTOGRAPH, folder / "cut.png")
    cut = (folder / "cut.png").read_bytes()
    (folder / "cut.png").write_bytes(cut[: len(cut) // 2])
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 4), dtype=np.uint8)
    Image.fromarray(pixels).save("alpha.png")
    cv2.imwrite("deep.png", pixels[..., :3].astype(np.uint16) * 257)
    first, *others = (Image.fromarray(pixels[..., i]) for i in range(3))
    first.save("film.gif", save_all=True, append_images=others)
    for file, message in (
        ("missing.png", "missing.png does not exist"),
        ("text.png", "text.png: expected a file of jpeg, png, webp, bmp, gif, tiff, got one that"),
        ("cut.png", "cut.png: the PNG is cut off"),
        ("gray.png", "gray.png has gray, the pipeline's input is u8[h, w, c=3] rgb"),
        ("alpha.png", "alpha.png has alpha, or a colour that is transparent, the pipeline's"),
        ("deep.png", "deep.png has numbers of 16 bits, the pipeline's input is u8[h, w, c=3] rgb"),
        ("film.gif", "film.gif has several frames, the pipeline's input is u8[h, w, c=3] rgb"),
        ("film.gif", "save the one that is meant, or let the input be `bytes`"),
        (".", "is a folder, not a file"),
    ):
        code, _, err = said(capsys, "run", "good.proc", file)
        assert code == 2, file
        assert message in err
        assert "refuse" not in err, "an option of `decode`, which nobody wrote"


def test_run_tells_what_stands_behind_a_jpeg(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "phone.jpg").write_bytes(opaque()["jpeg with a preview"])
    (folder / "alone.jpg").write_bytes(opaque()["jpeg 4:2:0"])
    note = "procdsl: phone.jpg: what stands behind the first picture of the JPEG is left out, 1 m"
    code, _, err = said(capsys, "run", "good.proc", "phone.jpg")
    assert (code, err.startswith(note)) == (0, True)
    code, _, err = said(capsys, "run", "good.proc", "alone.jpg")
    assert (code, err) == (0, "")


def test_run_on_what_does_not_fit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (4, 4)).save("tiny.png")
    text = GOOD.replace("resize(h=size, w=size, sampler=cv2.linear)", "crop(center, h=8, w=8)")
    (folder / "crop.proc").write_text(text.replace("size", "8").replace("param 8 = 8\n", ""))
    code, _, err = said(capsys, "run", "crop.proc", "tiny.png")
    assert (code, "tiny.png: a 4 x 4 image is too small to crop 8 x 8 of it" in err) == (2, True)
    two = "proc 1\npipeline p\ninput a: u8[h, w] gray\ninput b: u8[h, w] gray\n"
    two += "model a: u8[h, w] gray, b: u8[h, w] gray -> y: f32[n=1]\n"
    (folder / "two.proc").write_text(two)
    assert said(capsys, "run", "two.proc", "tiny.png")[0] == 2
    (folder / "a").mkdir()
    shutil.copy("tiny.png", "a/tiny.png")
    code, _, err = said(capsys, "run", "good.proc", "tiny.png", "a/tiny.png", "-o", "out")
    assert (code, "two images are called tiny.png" in err) == (2, True)


@pytest.mark.parametrize("image", ["u8[h, w, c=3] cv2.hsv", "u8[rows, w] cv2.nv12"])
def test_run_on_colours_that_no_file_holds(
    image: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"proc 1\npipeline p\ninput a: {image}\nmodel x: {image} -> y: f32[n=1]\n"
    (folder / "p.proc").write_text(text)
    code, _, err = said(capsys, "run", "p.proc", str(PHOTOGRAPH))
    assert (code, f"it has a: {image}" in err) == (2, True)
