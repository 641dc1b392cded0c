"""The documents of closes, with the e-invoice that each was published with."""

import csv
import io
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

FORMATS = ("peppol", "xrechnung", "facturx")


@dataclass(frozen=True)
class Published:
    """A file of a close: in a folder, or a member of an archive."""

    folder: Path
    name: str

    def read(self):
        loose = self.folder / self.name
        if loose.exists():
            return loose.read_bytes()
        return archive(self.folder / "pdf.zip").read(self.name)

    def __str__(self):
        return f"{self.folder.name}/{self.name}"


@dataclass(frozen=True)
class Document:
    """A row of delivery.csv that has an e-invoice."""

    number: str
    format: str
    pdf: Published
    xml: Published | None

    @property
    def einvoice(self):
        """The file that carries the XML: itself, or the PDF that it is embedded in."""
        return self.xml or self.pdf


@cache
def archive(path):
    return zipfile.ZipFile(path)


def rows(folder, table):
    with open(Path(folder) / f"{table}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def grouped(folder, table):
    """The rows of a table, by invoice number."""
    found = {}
    for row in rows(folder, table):
        found.setdefault(row["invoice_number"], []).append(row)
    return found


def documents(folder):
    """The documents of a close that have an e-invoice. Raises ValueError if delivery.csv does not fit the files."""
    folder = Path(folder)
    found, named = [], set()
    for row in rows(folder, "delivery"):
        number, form, path = row["invoice_number"], row["einvoice_format"], row["einvoice"]
        if not form:
            if path:
                raise ValueError(f"{number} has the e-invoice {path}, yet no format")
            continue
        if form not in FORMATS or row["kind"] == "receipt" or bool(path) == (form == "facturx"):
            raise ValueError(f"{row['kind']} {number}: format {form!r}, e-invoice {path!r}")
        xml = Published(folder, path) if path else None
        found.append(Document(number, form, Published(folder, row["pdf"]), xml))
        named.add(path)
    unnamed = published(folder) - named
    if unnamed:
        raise ValueError(f"delivery.csv does not name {', '.join(sorted(unnamed))}")
    return found


def published(folder):
    """The paths of all XML files of a close."""
    files = {str(path.relative_to(folder)) for path in (folder / "einvoice").rglob("*.xml")}
    if (folder / "pdf.zip").exists():
        # Opened apart from `archive`: processes forked later must not share the place in the file.
        with zipfile.ZipFile(folder / "pdf.zip") as packed:
            files |= {name for name in packed.namelist() if name.startswith("einvoice/")}
    return files


def embedded(pdf):
    """The bytes of factur-x.xml in a PDF, or None."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as file:
        found = file.attachments.get("factur-x.xml")
        return bytes(found.get_file().read_bytes()) if found else None


def amount(text):
    return Decimal(text or "0")
