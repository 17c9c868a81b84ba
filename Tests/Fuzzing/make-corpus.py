"""Writes the seed corpus: small files of every kind that the readers know. usage: python3 Tests/Fuzzing/make-corpus.py"""

import gzip
import json
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "Corpus"


def save(parser, name, data):
    path = CORPUS / parser / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def safetensors(tensors, metadata=None):
    """tensors: name to (dtype, shape, bytes)."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, (dtype, shape, content) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def npy(descr, order, shape, data, version=1):
    text = f"{{'descr': {descr!r}, 'fortran_order': {order}, 'shape': {shape}, }}"
    length = "<H" if version == 1 else "<I"
    text += " " * (63 - (8 + struct.calcsize(length) + len(text)) % 64) + "\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack(length, len(text)) + text.encode() + data


def make_safetensors():
    floats = struct.pack("<6f", 1, 2, 3, -4, 0.5, 6)
    save("Safetensors", "tensors", safetensors({
        "first": ("F32", [2, 3], floats), "none": ("BF16", [3, 0], b""), "half": ("F16", [2], b"\0\x3c\0\xc0"),
        "brain": ("BF16", [1, 2], b"\x80\x3f\0\xc0"), "count": ("I64", [], bytes(8))}, {"licence": "a \"b\" \\ \u00e9"}))
    save("Safetensors", "empty", safetensors({}))
    for dtype, values in [("F32", struct.pack("<3f", 1, -2, 0.5)), ("F16", b"\0\x3c\0\xc0\0\x38")]:
        save("Safetensors", f"matrix-{dtype}", safetensors({
            "m.row_offsets": ("I32", [3], struct.pack("<3i", 0, 1, 3)),
            "m.column_indices": ("I32", [3], struct.pack("<3i", 3, 0, 2)),
            "m.values": (dtype, [3], values)}, {"m.shape": "2,2,2"}))
    save("Safetensors", "matrix-empty", safetensors({
        ".row_offsets": ("I32", [1], bytes(4)), ".column_indices": ("I32", [0], b""), ".values": ("F32", [0], b"")},
        {".shape": "0,3"}))


def make_npy():
    formats = {"f2": "e", "f4": "f", "f8": "d", "i1": "b", "i2": "h", "i4": "i", "i8": "q",
               "u1": "B", "u2": "H", "u4": "I", "u8": "Q", "b1": "?"}
    for kind, code in formats.items():
        order = "|" if kind.endswith("1") else "<"
        save("NPY", kind, npy(order + kind, False, "(2, 3)", struct.pack("<6" + code, *[1, 0, 1, 0, 0, 1])))
    save("NPY", "big-endian-fortran", npy(">f4", True, "(2, 3)", struct.pack(">6f", 1, 2, 3, 4, 5, 6)))
    save("NPY", "scalar", npy("<f4", False, "()", struct.pack("<f", 1)))
    save("NPY", "empty", npy("<f8", True, "(0, 5, 1)", b""))
    save("NPY", "version-2", npy("|u1", True, "(2L, 1L, 2L)", bytes(4), version=2))
    save("NPY", "version-3", npy("<i2", False, "(1,)", bytes(2), version=3))
    save("NPY", "object", npy("|O", False, "(1,)", bytes(8)))


def make_matrix_market():
    entries = {"real": ["1 1 1.5", "3 1 -2e-3", "3 2 +.5"], "integer": ["1 1 7", "3 1 -2", "3 2 16777216"],
               "unsigned-integer": ["1 1 7", "3 1 2", "3 2 0"], "pattern": ["1 1", "3 1", "3 2"]}
    for field, lines in entries.items():
        for symmetry in ["general", "symmetric"]:
            text = [f"%%MatrixMarket matrix coordinate {field} {symmetry}", "% a comment", "3 3 3", *lines, ""]
            save("MatrixMarket", f"coordinate-{field}-{symmetry}", "\n".join(text).encode())
    save("MatrixMarket", "coordinate-skew", b"%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 -1\n")
    save("MatrixMarket", "duplicates", b"%%matrixmarket MATRIX Coordinate Double General\r\n2 9 3\r\n2 9 1\r\n1 1 2\r\n2 9 3")
    save("MatrixMarket", "array-general", b"%%MatrixMarket matrix array real general\n2 3\n1\n2\n3\n4\n5e2\n-6\n")
    save("MatrixMarket", "array-symmetric", b"%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n3\n")
    save("MatrixMarket", "array-skew", b"%%MatrixMarket matrix array real skew-symmetric\n3 3\n1\n2\n3\n")
    save("MatrixMarket", "empty", b"%%MatrixMarket matrix coordinate real general\n0 0 0\n")
    save("MatrixMarket", "nonfinite", b"%%MatrixMarket matrix array real general\n1 4\nnan\ninf\n-inf\n1e99\n")
    save("MatrixMarket", "complex", b"%%MatrixMarket matrix coordinate complex hermitian\n1 1 1\n1 1 1 0\n")


def make_smtx():
    save("SMTX", "rows", b"3, 4, 5\n0 2 2 5\n0 3 0 1 3\n")
    save("SMTX", "empty", b"2, 3, 0\n0 0 0\n\n")
    save("SMTX", "one-line-end", b"1, 1, 1\r\n0 1\r\n0")
    save("SMTX", "spaces", b" 2,  2,2 \n0 1 2 \n1 0 \n")


def idx(extents, data, kind=8):
    return bytes([0, 0, kind, len(extents)]) + struct.pack(f">{len(extents)}I", *extents) + data


def make_idx():
    images = idx([2, 3, 4], bytes(range(24)))
    save("IDX", "images", images)
    save("IDX", "labels", idx([5], bytes([3, 1, 4, 1, 5])))
    save("IDX", "scalar", idx([], b"x"))
    save("IDX", "empty", idx([0, 28, 28], b""))
    save("IDX", "floats", idx([1], bytes(4), kind=0x0D))
    save("IDX", "compressed", gzip.compress(images, mtime=0))
    save("IDX", "stored", gzip.compress(images, compresslevel=0, mtime=0))
    save("IDX", "flat", gzip.compress(idx([20, 28, 28], bytes(20 * 28 * 28)), mtime=0))
    save("IDX", "members", gzip.compress(images[:9], mtime=0) + gzip.compress(images[9:], mtime=0))


def png(width, height, depth, colour, rows, palette=b""):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    step = len(rows) // height
    filtered = b"".join(b"\0" + rows[row * step:(row + 1) * step] for row in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
            + (chunk(b"PLTE", palette) if palette else b"") + chunk(b"IDAT", zlib.compress(filtered)) + chunk(b"IEND", b""))


def jpeg(components, frame, scans):
    """A flat image of 8x8 pixels, whose Huffman tables have a code of one bit each, 0 for zero and for the end of a block.

    scans: the first and last coefficient of each, and its bits."""
    def segment(marker, data):
        return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data

    table = bytes([1] + [0] * 15 + [0])
    names = range(1, components + 1)
    header = struct.pack(">BHHB", 8, 8, 8, components) + b"".join(bytes([name, 0x11, 0]) for name in names)
    result = (b"\xff\xd8" + segment(0xDB, bytes([0] + [1] * 64)) + segment(frame, header)
              + segment(0xC4, b"\0" + table) + segment(0xC4, b"\x10" + table))
    for first, last, bits in scans:
        result += segment(0xDA, bytes([components]) + b"".join(bytes([name, 0]) for name in names)
                          + bytes([first, last, 0])) + bits
    return result + b"\xff\xd9"


def make_image():
    save("Image", "grey.png", png(5, 3, 8, 0, bytes(range(15))))
    save("Image", "bits.png", png(9, 2, 1, 0, b"\xa6\x80\x59\x00"))
    save("Image", "grey-16.png", png(2, 2, 16, 0, bytes(range(8))))
    save("Image", "rgb.png", png(4, 4, 8, 2, bytes(range(48))))
    save("Image", "palette.png", png(4, 1, 2, 3, b"\x1b", bytes(range(12))))
    save("Image", "grey-alpha.png", png(2, 1, 8, 4, bytes([200, 255, 200, 7])))
    save("Image", "rgb-alpha.png", png(1, 2, 8, 6, bytes([1, 2, 3, 255, 4, 5, 6, 0])))
    save("Image", "grey.jpeg", jpeg(1, 0xC0, [(0, 63, b"\x3f")]))
    save("Image", "rgb.jpeg", jpeg(3, 0xC0, [(0, 63, b"\x03")]))
    save("Image", "inks.jpeg", jpeg(4, 0xC0, [(0, 63, b"\0")]))
    save("Image", "progressive.jpeg", jpeg(1, 0xC2, [(0, 0, b"\x7f"), (1, 63, b"\x7f")]))


def make_benchdnn():
    problems = HERE / "../../Benchmarks/Shapes/Problems"
    for path in sorted(problems.glob("*.shapes")):
        lines = path.read_bytes().splitlines(keepends=True)
        save("BenchDNN", path.stem, b"".join(lines[:24]))
    save("BenchDNN", "every-field", b'g2mb3ic4id1ih9iw8oc6od1oh5ow4kd1kh3kw2sd1sh2sw2pd0ph1pw0dd0dh0dw1n"a name"\n')


make_safetensors()
make_npy()
make_matrix_market()
make_smtx()
make_idx()
make_image()
make_benchdnn()
