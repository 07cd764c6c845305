# SPDX-License-Identifier: Apache-2.0
# chart FOLDER OUT: every letter that the golden screens in FOLDER have, plain, bold and underlined, to be
# drawn on 24 rows of 80 columns: OUT as a terminal takes it, OUT.txt as text.
# page FOLDER OUT: the pictures FOLDER/SCREEN.TERMINAL.ppm as PNGs in OUT with a page, index.html, of them.
import pathlib
import struct
import sys
import unicodedata
import zlib

ROWS, COLS, LOOKS = 24, 80, ("", "1", "4")


def letters(folder):
    found = {chr(point) for point in range(0x21, 0x7F)}
    for path in sorted(pathlib.Path(folder).glob("*.ar.80x24.txt")):
        found |= set(path.read_text(encoding="utf-8"))
    return sorted(c for c in found if not c.isspace() and not unicodedata.combining(c))


def chart(folder, out):
    rows = ROWS // len(LOOKS)
    there = letters(folder)
    if len(there) > rows * COLS // 2:
        sys.exit(f"{len(there)} letters: more than the chart holds")
    lines = [" ".join(there[at : at + COLS // 2]) for at in range(0, rows * COLS // 2, COLS // 2)]
    drawn = "".join(
        f"\033[{look * rows + row + 1};{2 * col + 1}H\033[{LOOKS[look]}m{letter}\033[m"
        for look in range(len(LOOKS))
        for row, line in enumerate(lines)
        for col, letter in enumerate(line[::2])
    )
    pathlib.Path(out).write_text("\033[2J" + drawn, encoding="utf-8")
    pathlib.Path(out + ".txt").write_text("\n".join(lines * len(LOOKS)) + "\n", encoding="utf-8")


def piece(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(ppm):
    head, pixels = ppm.split(b"\n", 1)
    width, height = (int(word) for word in head.split()[1:3])
    rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, 3 * width * height, 3 * width))
    return (
        b"\x89PNG\r\n\x1a\n"
        + piece(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + piece(b"IDAT", zlib.compress(rows, 6))
        + piece(b"IEND", b"")
    )


def page(folder, out):
    paths = sorted(pathlib.Path(folder).glob("*.ppm"))
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    screens = sorted({path.name.split(".")[0] for path in paths})
    terminals = sorted({path.name.split(".")[1] for path in paths})
    for path in paths:
        (out / path.with_suffix(".png").name).write_bytes(png(path.read_bytes()))
    cells = "".join(
        f"<tr><th>{screen[3:]}</th>"
        + "".join(f'<td><a href="{screen}.{t}.png"><img src="{screen}.{t}.png" alt=""></a></td>' for t in terminals)
        + "</tr>\n"
        for screen in screens
    )
    (out / "index.html").write_text(
        '<!DOCTYPE html>\n<meta charset="utf-8">\n<title>Sanad on terminals</title>\n'
        "<style>img{width:420px} th{position:sticky;left:0;background:#fff} td{padding:2px}</style>\n"
        "<table>\n<tr><th></th>" + "".join(f"<th>{t}</th>" for t in terminals) + f"</tr>\n{cells}</table>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    {"chart": chart, "page": page}[sys.argv[1]](*sys.argv[2:4])
