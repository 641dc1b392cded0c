#!/usr/bin/env python3
"""Checks that PDFs keep to PDF/A-3b, with the validator of pikepdf.

    check_pdfa.py FILE...           every file claims PDF/A-3b and PDF/UA-1, and keeps to PDF/A-3b
    check_pdfa.py --no-claim FILE   the file claims neither
    check_pdfa.py --twin FILE OUT   writes a twin of the file that is to be PDF/A-1b, for PDFBox
    check_pdfa.py --self-test FILE  files that break a rule each are refused; FILE keeps to all

The validator refuses all properties beyond those of PDF/A itself. PDF/A allows them if the file describes them
(ISO 19005-3, 6.6.2.3). So these findings are skipped, and the description is checked here instead. An attached
factur-x.xml must be attached as Factur-X asks.
"""

import io
import logging
import pathlib
import re
import sys

import pikepdf
from fontTools.ttLib import TTFont
from lxml import etree
from pikepdf import Array, Dictionary, Name, String, pdfa

logging.getLogger("fontTools").setLevel(logging.ERROR)

FURTHER = re.compile(r"XMP (namespace|property) (pdfaExtension|pdfaSchema|pdfaProperty|pdfuaid|fx)[=:]")
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
FACTUR_X = {"DocumentType": "INVOICE", "DocumentFileName": "factur-x.xml", "Version": "1.0",
            "ConformanceLevel": "EN 16931"}
# PDF/A-1 knows only profiles of version 2.
OLD_PROFILE = pathlib.Path(__file__).parent / "pdfa/sRGB-v2-magic.icc"


def properties(pdf):
    """The properties of the document in its XMP, and those that it describes."""
    # Only beside an e-invoice, which makes it long, it is compressed.
    if "/Filter" in pdf.Root.Metadata and "/AF" not in pdf.Root:
        return {}, {"compressed"}
    tree = etree.fromstring(pdf.Root.Metadata.read_bytes())
    own = {child.tag: child.text for it in tree.iter(RDF + "Description") for child in it}
    described = set()
    for schema in tree.iter(RDF + "li"):
        namespace = schema.findtext(SCHEMA + "namespaceURI")
        names = [it for it in schema.iter(RDF + "li") if it.findtext(PROPERTY + "name")]
        for it in names if namespace else []:
            if all(it.findtext(PROPERTY + part) for part in ("valueType", "category", "description")):
                described.add("{%s}%s" % (namespace, it.findtext(PROPERTY + "name")))
    return own, described


def faults(content):
    """What is wrong with a file that claims to keep to PDF/A-3b and PDF/UA-1."""
    report = pdfa.validate_written(io.BytesIO(content), "3b")
    found = [str(it) for it in report.findings if not FURTHER.search(str(it))]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        own, described = properties(pdf)
        claims = [own.get(PDFA + "part"), own.get(PDFA + "conformance"), own.get(PDFUA + "part")]
        if claims != ["3", "B", "1"]:
            found.append(f"claims {claims}")
        further = {tag for tag in own if tag.startswith((PDFUA, FX))}
        if further != described:
            found.append(f"has {sorted(further)}, describes {sorted(described)}")
        if "/AF" in pdf.Root or "/Names" in pdf.Root:
            found += attachment_faults(pdf, own)
        elif any(tag.startswith(FX) for tag in own):
            found.append("claims an invoice that is not attached")
    return found


def attachment_faults(pdf, own):
    """What Factur-X asks for beyond PDF/A-3."""
    files = pdf.Root.Names.EmbeddedFiles.Names
    if [str(files[0]), files[1].objgen] != ["factur-x.xml", pdf.Root.AF[0].objgen] or len(files) != 2:
        return ["the attachment and the associated file differ"]
    file = files[1]
    stream = file.EF.F
    holds = {
        "names": str(file.F) == str(file.UF) == "factur-x.xml",
        "relationship": file.AFRelationship == Name.Alternative,
        "type": stream.Subtype == Name("/text/xml"),
        "date": str(stream.Params.ModDate) == str(pdf.docinfo.ModDate),
        "size": stream.Params.Size == len(stream.read_bytes()),
        "XML": etree.fromstring(stream.read_bytes()) is not None,
        "XMP": {tag[len(FX):]: text for tag, text in own.items() if tag.startswith(FX)} == FACTUR_X,
    }
    return [f"attachment: {name}" for name, is_right in holds.items() if not is_right]


def saved(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, static_id=True, **options)
    return out.getvalue()


def with_xmp(pdf, old, new):
    text = pdf.Root.Metadata.read_bytes()
    assert old in text, old
    pdf.Root.Metadata.write(text.replace(old, new))


def fonts(pdf):
    for page in pdf.pages:
        for font in page.Resources.Font.values():
            yield font.DescendantFonts[0]


def twin(content):
    """The file as PDF/A-1b: nothing but what version 1 of the standard does not know is changed."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with_xmp(pdf, b"<pdfaid:part>3<", b"<pdfaid:part>1<")
        for key in ("/AF", "/Names"):
            if key in pdf.Root:
                del pdf.Root[key]
        pdf.Root.OutputIntents[0].DestOutputProfile.write(OLD_PROFILE.read_bytes())
        for font in fonts(pdf):
            descriptor = font.FontDescriptor
            program = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()), lazy=True)
            glyphs = program["maxp"].numGlyphs
            bits = bytes((0xFF00 >> min(8, glyphs - first)) & 0xFF for first in range(0, glyphs, 8))
            descriptor.CIDSet = pdf.make_stream(bits)
        return saved(pdf, force_version="1.4", object_stream_mode=pikepdf.ObjectStreamMode.disable)


def self_test(content):
    """Breaks one rule at a time."""
    def change(damage):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            damage(pdf)
            return saved(pdf)

    def unembed(pdf):
        del next(iter(fonts(pdf))).FontDescriptor["/FontFile2"]

    def widen(pdf):
        next(iter(fonts(pdf))).W = Array([1, Array([1, 2, 3])])

    def intent(pdf):
        del pdf.Root["/OutputIntents"]

    def script(pdf):
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))

    def xmp(old, new):
        return lambda pdf: with_xmp(pdf, old, new)

    damages = [unembed, widen, intent, script, xmp(b"<pdfaid:part>3<", b"<pdfaid:part>1<"),
               xmp(b"pdfaid:conformance", b"pdfaid:corr"), xmp(b"<pdfuaid:part>1</pdfuaid:part>", b""),
               xmp(b"<pdfaProperty:name>part<", b"<pdfaProperty:name>amd<"),
               xmp(b"<dc:title>", b"<dc:other>a</dc:other><dc:title>")]
    assert not faults(content), faults(content)
    assert not faults(change(lambda pdf: None)), faults(change(lambda pdf: None))
    for place, damage in enumerate(damages):
        assert faults(change(damage)), f"damage {place} was not found"
    return f"{len(damages)} broken files are refused"


def main(arguments):
    option, *paths = arguments
    if option == "--twin":
        pathlib.Path(paths[1]).write_bytes(twin(pathlib.Path(paths[0]).read_bytes()))
        return 0
    if option == "--self-test":
        print(self_test(pathlib.Path(paths[0]).read_bytes()))
        return 0
    if option == "--no-claim":
        with pikepdf.open(paths[0]) as pdf:
            made = [tag for tag in properties(pdf)[0] if tag.startswith((PDFA, PDFUA))]
        print("\n".join(f"{paths[0]}: claims {tag}" for tag in made), end="")
        return int(bool(made))
    found = [f"{path}: {fault}" for path in arguments for fault in faults(pathlib.Path(path).read_bytes())]
    print("\n".join(found) if found else f"{len(arguments)} PDFs keep to PDF/A-3b")
    return int(bool(found))


sys.exit(main(sys.argv[1:]))
