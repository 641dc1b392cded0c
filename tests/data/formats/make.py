"""Writes the files of tests/data/formats/ and tests/data/errors/files/ that are no text: tables as pyarrow, pandas and
DuckDB write them, and damaged ones. They are committed; this says how they came about, but for
form_parquet_damaged, on which mutation found that polars asks for 2^61 bytes.

    pip install pyarrow==26.0.1 pandas==3.1.1 duckdb==2.0.0
    python tests/data/formats/make.py
"""

import csv
import datetime
import decimal
import gzip
import pathlib
import re

import duckdb
import pandas
import pyarrow as pa
import pyarrow.parquet as pq

FORMATS = pathlib.Path(__file__).parent
ERRORS = FORMATS.parent / "errors"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
MONEY = {"unit_amount", "flat_amount", "amount", "percent"}
WHOLE = {"quantity", "delta", "previous_quantity", "interval_count", "package_size", "up_to", "periods"}


def columns(path):
    """The columns of a CSV file, with None where a cell is empty."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return {name: [row[place] or None for row in rows] for place, name in enumerate(header)}


def typed(name, cells):
    """A column with the type that a careful export would give it."""
    known = [cell for cell in cells if cell]
    of = lambda parse: [cell and parse(cell) for cell in cells]
    if name in MONEY:
        return pa.array(of(decimal.Decimal), pa.decimal128(38, 6))
    if name in WHOLE:
        return pa.array(of(int), pa.int64() if name != "quantity" else pa.uint16())
    if known and all(INSTANT.fullmatch(cell) for cell in known):
        return pa.array(of(datetime.datetime.fromisoformat), pa.timestamp("us", tz="Europe/Berlin"))
    if known and all(DATE.fullmatch(cell) for cell in known):
        return pa.array(of(datetime.date.fromisoformat), pa.date32())
    if known and set(known) <= {"true", "false"}:
        return pa.array(of(lambda cell: cell == "true"), pa.bool_())
    text = pa.array(cells, pa.string())
    return text.dictionary_encode() if name in {"kind", "currency", "account_id", "interval"} else text


def table(path):
    return pa.table({name: typed(name, cells) for name, cells in columns(path).items()})


def company():
    """The company in every form."""
    for path in sorted((FORMATS / "company").glob("*.csv")):
        for folder in ("pyarrow", "pandas", "duckdb"):
            (FORMATS / folder).mkdir(exist_ok=True)
        pq.write_table(
            table(path), FORMATS / "pyarrow" / f"{path.stem}.parquet",
            compression="zstd", data_page_version="2.0", row_group_size=3,
        )
        frame = table(path).to_pandas(types_mapper=pandas.ArrowDtype)
        frame.to_parquet(FORMATS / "pandas" / f"{path.stem}.parquet", compression="gzip")
        duckdb.sql(
            f"copy (select * from read_csv('{path}', all_varchar=true, quote='\"')) "
            f"to '{FORMATS / 'duckdb' / path.stem}.parquet' (format parquet, codec snappy)"
        )


BASE = ERRORS / "base"


def error(case, name, content):
    (ERRORS / "files" / f"{case}.{name}").write_bytes(content)


def zstd(content):
    return pa.compress(content, codec="zstd", asbytes=True)


def parquet(columns_of_table, **options):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns_of_table), sink, compression="snappy", **options)
    return sink.getvalue().to_pybytes()


def errors():
    changes = (BASE / "changes.csv").read_bytes()
    zipped = gzip.compress(changes, mtime=0)
    middle = len(zipped) // 2
    broken = zipped[:middle] + bytes([zipped[middle] ^ 0x55]) + zipped[middle + 1:]
    error("form_two_at_once", "changes.csv.gz", zipped)
    error("form_csv_is_gzip", "changes.csv", zipped)
    error("form_gzip_cut_off", "changes.csv.gz", zipped[:-20])
    error("form_gzip_damaged", "changes.csv.gz", broken)
    error("form_gzip_followed_by_text", "changes.csv.gz", zipped + b"and then some more\n")
    error("form_gzip_row", "changes.csv.gz", gzip.compress(
        changes.replace(b"quantity,5", b"quantity,five"), mtime=0))
    error("form_zstd_cut_off", "changes.csv.zst", zstd(changes)[:-20])
    error("form_zstd_is_gzip", "changes.csv.zst", zipped)
    prices = table(BASE / "prices.csv")
    whole = {name: prices[name] for name in prices.column_names}
    error("form_parquet_cut_off", "prices.parquet", parquet(whole)[:-200])
    floats = whole | {"unit_amount": pa.array([None if it is None else float(it) for it in whole["unit_amount"].to_pylist()])}
    error("form_parquet_float", "prices.parquet", parquet(floats))
    renamed = {("prise_id" if name == "price_id" else name): cells for name, cells in whole.items()}
    error("form_parquet_column_missing", "prices.parquet", parquet(renamed))
    log = table(BASE / "changes.csv")
    log = {name: log[name] for name in log.column_names}
    naive = log | {"at": pa.array([it.replace(tzinfo=None) for it in log["at"].to_pylist()])}
    error("form_parquet_time_without_zone", "changes.parquet", parquet(naive))
    nested = log | {"subscription_id": pa.array([["a"]] * len(log["at"]))}
    error("form_parquet_nested", "changes.parquet", parquet(nested))
    notes = pa.array(["two\nlines, \"quoted\""] * len(log["at"]))
    lost = pa.array(["olive-seats"] + ["olive-seat"] * (len(log["at"]) - 1))
    rows = log | {"note": notes, "subscription_id": lost, "extra": pa.array([1.5] * len(log["at"]))}
    error("form_parquet_rows", "changes.parquet", parquet(rows))


company()
errors()
