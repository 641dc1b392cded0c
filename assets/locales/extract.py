"""Takes from Unicode's CLDR what receipts need of each locale, and writes it beside this file.

The formats are CLDR's; the files are made by this program and never by hand. To take them from
another version, or to add a language, name it below and run, in a folder of your own:

    npm pack cldr-core cldr-numbers-full cldr-dates-full   # and unpack each into its name
    python3 extract.py FOLDER

What differs from CLDR: world English is the base of `en`, with CLDR's `en` as `en-US`; numbers in
print have an apostrophe that is curved; ranges of dates have ordinary spaces, where lines may end, and the wave dash of Japanese fonts.
"""

import json
import re
import sys
from pathlib import Path

LANGUAGES = ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"]
BASES = {"en": "en-001"}
HERE = Path(__file__).parent
CLDR = Path(sys.argv[1])


def read(path):
    return json.loads((CLDR / path).read_text(encoding="utf-8"))


def supplemental(name):
    return read(f"cldr-core/supplemental/{name}.json")["supplemental"]


TENDERS = supplemental("currencyData")["currencyData"]["region"]
PLURALS = supplemental("plurals")["plurals-type-cardinal"]
DEFAULTS = {tag.split("-")[0]: tag for tag in read("cldr-core/defaultContent.json")["defaultContent"]
            if len(tag.split("-")) == 2}


def currency_of(region):
    """What is paid with in a region; of several, the last that was introduced."""
    tenders = [(entry[code]["_from"], code) for entry in TENDERS.get(region, []) for code in entry
               if "_to" not in entry[code] and entry[code].get("_tender") != "false"]
    return max(tenders)[1] if tenders else None


def placed(pattern):
    """A pattern of CLDR with `#` for the number, and the same for a negative one."""
    positive, _, negative = pattern.partition(";")
    number = re.compile(r"[#,0.]+")
    return [number.sub("#", positive), number.sub("#", negative or "-" + positive)]


def grouping(pattern):
    """How many digits the last group has, and the others."""
    groups = pattern.split(";")[0].split(".")[0].split(",")
    sizes = [len(re.sub("[^#0]", "", group)) for group in groups[1:]]
    return [sizes[-1], sizes[0]]


def numbers(tag):
    data = read(f"cldr-numbers/main/{tag}/numbers.json")["main"][tag]["numbers"]
    symbols = data["symbols-numberSystem-latn"]
    currency = data["currencyFormats-numberSystem-latn"]
    curved = lambda text: text.replace("'", "’")
    entry = {
        "decimal": symbols["decimal"],
        "group": curved(symbols["group"]),
        "money_decimal": symbols.get("currencyDecimal", symbols["decimal"]),
        "money_group": curved(symbols.get("currencyGroup", symbols["group"])),
        "grouping": grouping(data["decimalFormats-numberSystem-latn"]["standard"]),
        "least_grouped": int(data["minimumGroupingDigits"]) + 3,
        "percent": placed(data["percentFormats-numberSystem-latn"]["standard"]),
        "money": placed(currency["standard"]),
    }
    path = f"cldr-numbers/main/{tag}/currencies.json"
    return entry, read(path)["main"][tag]["numbers"]["currencies"]


def dates(tag):
    path = f"cldr-dates/main/{tag}/ca-gregorian.json"
    data = read(path)["main"][tag]["dates"]["calendars"]["gregorian"]
    formats = data["dateTimeFormats"]
    ranges = formats["intervalFormats"]["yMMMd"]
    spaced = lambda text: text.replace("\u2009", " ").replace("～", "〜")
    return {
        "date": formats["availableFormats"]["yMMMd"],
        "day": formats["availableFormats"]["MMMd"],
        "range_in_month": spaced(ranges["d"]),
        "range_in_year": spaced(ranges["M"]),
        "range": spaced(ranges["y"]),
        "months": list(data["months"]["format"]["abbreviated"].values()),
    }


def locale(tag, region):
    entry, currencies = numbers(tag)
    entry |= dates(tag)
    home = region and currency_of(region)
    entry["home"] = home or ""
    entry["home_symbol"] = currencies[home].get("symbol", home) if home else ""
    return entry


def regions(language):
    """The regions of a language, with the tag under which CLDR has them."""
    found = {tag.name.split("-")[1]: tag.name for tag in (CLDR / "cldr-numbers/main").iterdir()
             if re.fullmatch(rf"{language}-([A-Z]{{2}}|419)", tag.name)}
    found[DEFAULTS[language].split("-")[1]] = language
    return dict(sorted(found.items()))


def toml(value):
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def write(language):
    default = DEFAULTS[language].split("-")[1]
    base = locale(BASES.get(language, language), None if language in BASES else default)
    version = read("cldr-core/package.json")["version"]
    lines = [f"# Made by extract.py from CLDR {version}; see LICENSE.", ""]
    lines += [f"{key} = {toml(value)}" for key, value in base.items()]
    rules = PLURALS[language]
    lines += ["", "[plural]"]
    for rule, text in rules.items():
        category = rule.removeprefix("pluralRule-count-")
        if category != "other":
            lines.append(f"{category} = {toml(text.split('@')[0].strip())}")
    for region, tag in regions(language).items():
        entry = locale(tag, region if region.isalpha() else None)
        lines += ["", f"[regions.{region}]"]
        lines += [f"{key} = {toml(value)}" for key, value in entry.items() if value != base[key]]
    (HERE / f"{language}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


for language in LANGUAGES:
    write(language)
