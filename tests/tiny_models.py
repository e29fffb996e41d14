"""Models for photos that are drawn up by hand, in the wire format of ONNX: they tell fields of colour apart."""

import hashlib
import json
import struct
from pathlib import Path

_FLOAT = 1
_INTS, _INT = 7, 2


def tiny_model(folder: Path, called: str = "tiny", *, side: int = 64, cell: int = 8, **said: object) -> Path:
    """A model that gives the mean colour of each field of ``cell`` pixels a side; returns its description.

    Args:
        folder: where both files are written.
        called: name of the model and its files.
        side: pixels of the square that it looks at.
        cell: pixels a side of a field; 3 numbers come of each.
        said: what the description says in place of what is so.
    """
    content = fields_of_colour(side, cell)
    (folder / f"{called}.onnx").write_bytes(content)
    return describe(folder, called, content, **{"side": side, "dimension": 3 * (side // cell) ** 2, **said})


def describe(folder: Path, called: str, content: bytes, **said: object) -> Path:
    """The description of a model whose ONNX file is this."""
    fields = {
        "name": called,
        "file": f"{called}.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "side": 64,
        "mean": [127.0, 127.0, 127.0],
        "spread": [128.0, 128.0, 128.0],
        "dimension": 192,
        "usual": 0.5,
        "apart": 0.2,
        "points": 0.4,
        "licence": "CC0-1.0",
        "source": "drawn up for a test",
        **said,
    }
    path = folder / f"{called}.toml"
    path.write_text("".join(f"{field} = {json.dumps(value)}\n" for field, value in fields.items()))
    return path


def fields_of_colour(side: int, cell: int) -> bytes:
    """The ONNX file of that model: an average pool and a flattening."""
    pool = _node("AveragePool", "photo", "fields", _ints("kernel_shape", cell, cell), _ints("strides", cell, cell))
    flat = _node("Flatten", "fields", "vector", _int("axis", 1))
    fields = side // cell
    graph = (
        _part(1, pool) + _part(1, flat) + _part(2, b"tiny")
        + _part(11, _tensor("photo", 1, 3, side, side)) + _part(12, _tensor("vector", 1, 3 * fields * fields))
    )  # fmt: skip
    return _number(1, 8) + _part(7, graph) + _part(8, _part(1, b"") + _number(2, 13))


def _node(kind: str, given: str, made: str, *attributes: bytes) -> bytes:
    named = _part(1, given.encode()) + _part(2, made.encode()) + _part(3, kind.encode()) + _part(4, kind.encode())
    return named + b"".join(_part(5, attribute) for attribute in attributes)


def _ints(name: str, *values: int) -> bytes:
    return _part(1, name.encode()) + b"".join(_number(8, value) for value in values) + _number(20, _INTS)


def _int(name: str, value: int) -> bytes:
    return _part(1, name.encode()) + _number(3, value) + _number(20, _INT)


def _tensor(name: str, *shape: int) -> bytes:
    sizes = b"".join(_part(1, _number(1, size)) for size in shape)
    return _part(1, name.encode()) + _part(2, _part(1, _number(1, _FLOAT) + _part(2, sizes)))


def _part(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    content = b""
    while value > 0x7F:
        content += struct.pack("B", value & 0x7F | 0x80)
        value >>= 7
    return content + struct.pack("B", value)
