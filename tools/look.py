"""A workbook as pictures: ``python -m tools.look [FILE.xlsx] [--out FOLDER]``.

LibreOffice opens it and prints it into a PDF, poppler makes a picture of the first page of every
sheet (and of every page of the last, the sums). Without a file a made-up workbook is looked at.
Needs ``soffice``, ``pdftotext`` and ``pdftoppm`` (Debian: libreoffice-calc, poppler-utils).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

from tools.sample import write_sample

PROGRAMS = ("soffice", "pdftotext", "pdftoppm")
# Calc's own: landscape pages as the workbook asks for them.
_DPI = "110"


def missing() -> list[str]:
    """The programs that are not there."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def convert(source: Path, to: str, folder: Path, made: str | None = None) -> Path:
    """Let LibreOffice open ``source`` and save it as ``to`` (an extension) into ``folder``.

    ``made`` is the name it gives the file, when that is not the source's with the extension.

    Raises:
        RuntimeError: it would not, with what it said.
    """
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--convert-to", to, "--outdir", str(folder), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    target = folder / (made or f"{source.stem}.{to}")
    said = done.stderr.strip()
    if done.returncode or not target.exists():
        raise RuntimeError(f"LibreOffice did not convert {source.name}: {said or done.stdout}")
    return target


def pages(pdf: Path, titles: list[str]) -> dict[str, list[int]]:
    """Pages by sheet: the title of the sheet stands at the foot of each page."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, list[int]] = {title: [] for title in titles}
    for number, page in enumerate(text.split("\f")[:-1], 1):
        foot = " ".join(page.strip().rpartition("\n")[2].split())
        for title in titles:
            if f"{foot} ".startswith(f"{title} "):
                found[title].append(number)
    return found


def look(source: Path, out: Path) -> list[Path]:
    """Make the pictures; gives their paths.

    Raises:
        RuntimeError: LibreOffice would not open it, or a sheet has no page.
    """
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.png"):
        old.unlink()
    book = openpyxl.load_workbook(source, read_only=True)
    titles = book.sheetnames
    book.close()
    pdf = convert(source, "pdf", out)
    by_sheet = pages(pdf, titles)
    made: list[Path] = []
    for place, title in enumerate(titles, 1):
        if not by_sheet[title]:
            raise RuntimeError(f"no page shows the sheet {title}")
        for number in by_sheet[title] if title == titles[-1] else by_sheet[title][:1]:
            target = out / f"{place:02d}-{title}-{number}"
            command = ["pdftoppm", "-r", _DPI, "-png", "-singlefile", "-f", str(number)]
            command += ["-l", str(number), str(pdf), str(target)]
            subprocess.run(command, check=True)
            made.append(target.with_suffix(".png"))
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, help="default: a made-up workbook")
    parser.add_argument("--out", type=Path, default=Path("look"), help="folder (look)")
    given = parser.parse_args()
    if missing():
        names = ", ".join(missing())
        sys.stderr.write(f"not found: {names}; apt-get install libreoffice-calc poppler-utils\n")
        return 2
    given.out.mkdir(parents=True, exist_ok=True)
    source = given.file or write_sample(given.out)
    for picture in look(source, given.out):
        print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
