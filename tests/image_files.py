"""Image files of every kind, small, made by Pillow, by OpenCV and by hand."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from PIL import Image

FORMATS = ("jpeg", "png", "webp", "bmp", "gif", "tiff")


def noise(*shape: int, high: int = 256, seed: int = 0) -> np.ndarray:
    dtype = np.uint8 if high <= 256 else np.uint16
    return np.random.default_rng(seed).integers(0, high, shape).astype(dtype)


def smooth(h: int = 21, w: int = 34) -> np.ndarray:
    """A picture as photographs are, of which a JPEG keeps something."""
    y, x = np.mgrid[:h, :w]
    return np.stack([x * 7, y * 11, x * y], -1).astype(np.uint8)


def saved(image: Image.Image | np.ndarray, kind: str, **options: Any) -> bytes:
    """A picture as Pillow writes it."""
    file = BytesIO()
    made = image if isinstance(image, Image.Image) else Image.fromarray(image)
    made.save(file, kind, **options)
    return file.getvalue()


def encoded(pixels: np.ndarray, ending: str, *options: int) -> bytes:
    """A picture as OpenCV writes it, whose colours are blue first."""
    done, data = cv2.imencode(ending, pixels, options)
    assert done
    return data.tobytes()


def exif(orientation: int) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    return found


def palette(colours: int = 4) -> Image.Image:
    image = Image.fromarray(noise(7, 9, high=colours), "L")
    image.putpalette(noise(colours * 3, seed=1).tolist())
    return image


def gray_alpha() -> Image.Image:
    return Image.merge("LA", [Image.fromarray(noise(7, 9, seed=i)) for i in (0, 1)])


def cmyk() -> Image.Image:
    return Image.frombytes("CMYK", (16, 16), noise(16, 16, 4).tobytes())


def bits() -> Image.Image:
    return Image.fromarray(noise(7, 9, high=2) * 255).convert("1")


def opaque() -> dict[str, bytes]:
    """Files of 8 bits that are not transparent, by what they are."""
    rgb, gray = noise(7, 9, 3), noise(7, 9)
    files = {f"{kind} rgb": saved(rgb, kind) for kind in FORMATS}
    files |= {f"{kind} gray": saved(gray, kind) for kind in FORMATS if kind != "webp"}
    files |= {f"{kind} 1 bit": saved(bits(), kind) for kind in ("png", "bmp", "gif", "tiff")}
    files |= {
        "jpeg 4:2:0": saved(smooth(), "jpeg", subsampling=2),
        "jpeg 4:2:2": saved(smooth(), "jpeg", subsampling=1, quality=60),
        "jpeg 4:4:4": saved(smooth(), "jpeg", subsampling=0, quality=100),
        "jpeg progressive": saved(smooth(), "jpeg", progressive=True),
        "jpeg restarts": encoded(smooth(), ".jpg", cv2.IMWRITE_JPEG_RST_INTERVAL, 2),
        "jpeg cmyk": saved(cmyk(), "jpeg", quality=95),
        "jpeg profile": saved(smooth(), "jpeg", icc_profile=b"no profile at all" * 9000),
        "jpeg with a preview": saved(smooth(), "jpeg") + saved(smooth(5, 5), "jpeg") + b"\0" * 9,
        "png palette": saved(palette(), "png"),
        "png palette of 256": saved(palette(256), "png"),
        "png 2 bits": saved(palette(), "png", bits=2),
        "png interlaced": interlaced(),
        "webp with losses": saved(smooth(), "webp"),
        "webp without": saved(smooth(), "webp", lossless=True),
        "webp by opencv": encoded(smooth(), ".webp"),
        "bmp by opencv": encoded(rgb, ".bmp"),
        "bmp of 32 bits": saved(Image.fromarray(noise(7, 9, 4), "RGBA"), "bmp"),
        "tiff lzw": saved(smooth(), "tiff", compression="tiff_lzw"),
        "tiff palette": saved(palette(), "tiff"),
        "tiff by opencv": encoded(smooth(), ".tiff"),
    }
    return files


def transparent() -> dict[str, bytes]:
    """Files that are transparent, or may be, by what they are."""
    rgba = Image.fromarray(noise(7, 9, 4), "RGBA")
    return {
        "png rgba": saved(rgba, "png"),
        "png gray and alpha": saved(gray_alpha(), "png"),
        "png palette": saved(palette(), "png", transparency=bytes([0, 128, 255, 255])),
        "png one colour of a palette": saved(palette(), "png", transparency=2),
        "png one colour": saved(noise(7, 9, 3, high=3), "png", transparency=(0, 1, 2)),
        "png one gray": saved(noise(7, 9, high=3), "png", transparency=1),
        "webp rgba": saved(rgba, "webp"),
        "webp rgba without losses": saved(rgba, "webp", lossless=True),
        "gif one colour": saved(palette(), "gif", transparency=1),
        "tiff rgba": saved(rgba, "tiff"),
    }


def deep() -> dict[str, bytes]:
    """Files of 16 bits, by what they are."""
    gray, rgb = noise(7, 9, high=65536), noise(7, 9, 3, high=65536)
    return {
        "png gray": encoded(gray, ".png"),
        "png rgb": encoded(rgb, ".png"),
        "png gray by pillow": saved(gray, "png"),
        "tiff gray": encoded(gray, ".tiff"),
        "tiff rgb": encoded(rgb, ".tiff"),
        "png tiny": encoded(noise(1, 1, high=65536), ".png"),
    }


def several() -> dict[str, bytes]:
    """Files of three frames, by their format."""
    first, *others = (Image.fromarray(noise(7, 9, 3, seed=i)) for i in range(3))
    return {
        kind: saved(first, kind, save_all=True, append_images=others)
        for kind in ("gif", "webp", "png", "tiff")
    }


def mpo(kind: int, *others: bytes, order: str = "<", more: int = 0) -> bytes:
    """A JPEG with an index that gives others, which stand behind it, and `more` this type."""
    count = 1 + len(others) + more
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, 2)
    head += struct.pack(f"{order}HHII", 0xB001, 4, 1, count)
    head += struct.pack(f"{order}HHIII", 0xB002, 7, 16 * count, 38, 0)
    types = [1 << 29 | 0x030000, *[kind] * (count - 1)]
    body = b"MPF\0" + head + b"".join(struct.pack(f"{order}IIII", t, 0, 0, 0) for t in types)
    data = saved(smooth(), "jpeg")
    segment = b"\xff\xe2" + struct.pack(">H", len(body) + 2) + body
    return data[:2] + segment + data[2:] + b"".join(others)


def without_palette(kind: str) -> bytes:
    """A file whose pixels are numbers of a palette that is not there."""
    data = saved(palette(), kind)
    if kind == "png":
        at = data.index(b"PLTE") - 4
        return data[:at] + data[data.index(b"IDAT") - 4 :]
    if kind == "gif":
        return data[:10] + bytes([data[10] & 127]) + data[11:13] + data[25:]
    if kind == "tiff":
        return data.replace(struct.pack("<HH", 320, 3), struct.pack("<HH", 330, 3))
    return data[:10] + struct.pack("<I", 54) + data[14:54] + data[70:]


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(h: int, w: int, *chunks: bytes, rows: int | None = None, depth: int = 8) -> bytes:
    """A PNG of these sides in gray, with chunks before its pixels; of so many rows in truth."""
    header = struct.pack(">IIBBBBB", w, h, depth, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (h if rows is None else rows) * (w * depth // 8 + 1))
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", pixels), chunk(b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def interlaced() -> bytes:
    """A PNG of one pixel in Adam7's order."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 1)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0\x7b")), chunk(b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def with_exif(block: bytes, data: bytes | None = None) -> bytes:
    """A JPEG with a block of EXIF, whole or not."""
    data = saved(smooth(), "jpeg") if data is None else data
    body = b"Exif\0\0" + block
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def exif_block(order: str = "<", kind: int = 3, value: int = 6, count: int = 1) -> bytes:
    """EXIF of one entry, the orientation."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    number = struct.pack(
        f"{order}HH" if kind == 3 else f"{order}I", *([value, 0][: 1 + (kind == 3)])
    )
    return head + struct.pack(f"{order}HHHI", count, 0x0112, kind, 1) + number + bytes(4)
