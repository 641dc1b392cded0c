"""A PDF for each document: a plain page with a heading, the buyer, the lines and the sums."""

from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
LEFT, RIGHT = 56, A4[0] - 56
TOP, BOTTOM = A4[1] - 56, 56
LINE_HEIGHT = 15


def write_receipts(documents, seller, folder):
    """Writes them all into a new folder."""
    folder.mkdir()
    pdfmetrics.registerFont(TTFont("Regular", FONTS / "NotoSans-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("SemiBold", FONTS / "NotoSans-SemiBold.ttf"))
    for document in documents:
        Page(document, seller).write(folder / f"{document.number}.pdf")


class Page:
    """Writes from the top down, and goes on overleaf where a page ends."""

    def __init__(self, document, seller):
        self.document, self.seller = document, seller
        self.height = TOP

    def write(self, path):
        self.canvas = Canvas(str(path), pagesize=A4)
        self.heading()
        for line in self.document.lines:
            quantity = line.charge.terms.quantity if line.charge else 1
            self.row(line.description, quantity, line.amount)
        self.sums()
        self.canvas.save()

    def heading(self):
        document, seller = self.document, self.seller
        self.text(f"Invoice {document.number}", font="SemiBold", size=16)
        self.height -= LINE_HEIGHT
        self.text(f"{seller['name']}, {seller['address_line1']}, {seller['city']}")
        self.text(f"Date of issue {document.issue_date}, due {document.due_date}")
        self.height -= LINE_HEIGHT
        for text in (document.account.name, *document.account.address, document.account.tax_id):
            self.text(text)
        self.height -= LINE_HEIGHT

    def sums(self):
        document = self.document
        self.height -= LINE_HEIGHT
        self.row("Subtotal", "", document.subtotal)
        if document.discount:
            self.row("Discount", "", -document.discount)
        for rate, tax in document.taxes.items():
            self.row(f"{rate.name} {rate.percent}%", "", tax)
        self.row("Total", "", document.total)
        self.row("Credit", "", -document.credit_applied)
        self.row(f"Amount due in {document.currency}", "", document.amount_due, font="SemiBold")

    def row(self, description, quantity, amount, font="Regular"):
        self.canvas.setFont(font, 10)
        self.canvas.drawRightString(RIGHT - 90, self.height, str(quantity))
        self.canvas.drawRightString(RIGHT, self.height, f"{amount:,}")
        self.text(description, font)

    def text(self, text, font="Regular", size=10):
        self.canvas.setFont(font, size)
        self.canvas.drawString(LEFT, self.height, text)
        self.height -= LINE_HEIGHT
        if self.height < BOTTOM:
            self.canvas.showPage()
            self.height = TOP
