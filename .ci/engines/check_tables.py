"""Checks what Spark writes to the input folder: rows in their order, values as they were, no floats.

    spark-submit --py-files prorata_tables.py check_tables.py FOLDER
"""

import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import prorata_tables
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

folder = Path(sys.argv[1])
# Small blocks: each file is read by several tasks, and each task reads several files.
spark = SparkSession.builder.config("spark.sql.files.maxPartitionBytes", "4096").getOrCreate()


def write(name, source, options=(), order=()):
    given = SimpleNamespace(input=str(folder), table=[f"{name}={source}"], option=list(options), order=list(order))
    prorata_tables.write_all(spark, given)
    return spark.read.parquet(f"file://{folder}/{name}.parquet")


def refused(code, name, source, **more):
    try:
        write(name, source, **more)
    except SystemExit as stop:
        assert stop.code == code, f"{name}: exit code {stop.code}, not {code}"
    else:
        raise AssertionError(f"{name} from {source} was accepted")


def values(rows):
    return [tuple(row) for row in rows.collect()]


def csv_keeps_order_and_text():
    place = folder / "csv"
    place.mkdir()
    number = 0
    # The largest file comes last by its path: Spark would read it first.
    for name, rows in (("a", 10), ("b", 500), ("c", 2000)):
        with open(place / f"{name}.csv", "w", encoding="utf-8") as file:
            file.write("change_id,value\n")
            for number in range(number, number + rows):
                file.write(f"chg-{number}, 0{number}.50 \n")
            number += 1
    source = f"csv:file://{place}"
    rows = values(write("changes", source, ["changes.multiLine=false"]))
    assert rows == [(f"chg-{at}", f" 0{at}.50 ") for at in range(2510)], "rows are in another order, or changed"
    once = (folder / "changes.parquet").read_bytes()
    write("changes", source, ["changes.multiLine=false"])
    assert (folder / "changes.parquet").read_bytes() == once, "the same rows gave other bytes"


def csv_keeps_quoted_values():
    path = folder / "quoted.csv"
    path.write_text('id,text\n1,"a ""b"", c"\n2,"two\nlines"\n3,\n4,"back\\slash"\n', encoding="utf-8")
    rows = values(write("accounts", f"csv:file://{path}"))
    assert rows == [("1", 'a "b", c'), ("2", "two\nlines"), ("3", None), ("4", "back\\slash")], rows


def damaged_csv_is_refused():
    for text in ("id,text\n1\n", 'id,text\n1,"a"b\n'):
        path = folder / "damaged.csv"
        path.write_text(text, encoding="utf-8")
        try:
            write("accounts", f"csv:file://{path}")
        except SystemExit as stop:
            raise AssertionError("it was refused for another reason") from stop
        except Exception as error:
            assert "MALFORMED" in str(error) or "unescaped" in str(error).lower(), error
        else:
            raise AssertionError(f"accepted: {text!r}")


def types_stay():
    instant = datetime(2024, 3, 31, 1, 59, 59, 123456, tzinfo=timezone.utc)
    row = ("p-1", Decimal("12345678901234567890.1200"), instant, date(2024, 2, 29), 7)
    rows = spark.createDataFrame([row], "payment_id string, amount decimal(38,4), at timestamp, date date, n bigint")
    rows.write.parquet(f"file://{folder}/typed")
    written = write("payments", f"parquet:file://{folder}/typed")
    assert dict(written.dtypes)["amount"] == "decimal(38,4)", written.dtypes
    assert written.collect()[0]["amount"] == row[1]
    # INT96 timestamps would have no unit that readers agree on.
    assert b"INT96" not in (folder / "payments.parquet").read_bytes()
    assert written.select(F.unix_micros("at")).first()[0] == 1711850399123456


def floats_have_no_way_in():
    for kind in ("float", "double"):
        spark.range(1).selectExpr("'p' AS payment_id", f"CAST(id AS {kind}) AS amount").write.mode("overwrite").parquet(
            f"file://{folder}/floats")
        refused(prorata_tables.WRONG_INPUT, "payments", f"parquet:file://{folder}/floats")


def rows_without_files_need_an_order():
    spark.range(2000).selectExpr("id % 1000 AS at", "id AS n").createOrReplaceTempView("logged")
    refused(prorata_tables.USAGE, "changes", "table:logged")
    refused(prorata_tables.WRONG_INPUT, "changes", "table:logged", order=["changes=at"])
    spark.read.parquet(f"file://{folder}/typed").select("n").createOrReplaceTempView("typed")
    spark.sql("SELECT a.n FROM typed a JOIN typed b ON a.n = b.n").createOrReplaceTempView("joined")
    refused(prorata_tables.USAGE, "changes", "table:joined")
    rows = values(write("changes", "table:logged", order=["changes=at,n"]))
    assert rows == sorted((n % 1000, n) for n in range(2000)), "rows are in another order"
    spark.range(0).selectExpr("'' AS discount_id").createOrReplaceTempView("none")
    assert values(write("discounts", "table:none", order=["discounts=discount_id"])) == []


def wrong_words_are_refused():
    refused(prorata_tables.USAGE, "invoices", "csv:x")
    refused(prorata_tables.USAGE, "accounts", "x")
    refused(prorata_tables.USAGE, "accounts", "csv:x", order=["accounts"])


try:
    for check in (csv_keeps_order_and_text, csv_keeps_quoted_values, damaged_csv_is_refused, types_stay,
                  floats_have_no_way_in, rows_without_files_need_an_order, wrong_words_are_refused):
        check()
        print(f"tables: {check.__name__}")
finally:
    spark.stop()
