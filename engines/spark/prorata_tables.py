"""Lets Spark write tables of the input folder: one Parquet file a table, with the rows in their order.

The order of rows decides between changes of one instant, and every shuffle loses it. So each row
carries its place in the source through the one shuffle there is. Values keep their types: text
stays text, decimals stay decimals, and columns of floats are refused.
"""

import glob
import os
import shutil
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType, FloatType

TABLES = ("accounts", "prices", "price_tiers", "tax_rates", "subscriptions", "changes", "discounts",
          "adjustments", "payments", "account_changes")
# CSV as prorata reads it: values as written, doubled quotes, and no row that is damaged.
CSV = {"header": True, "inferSchema": False, "enforceSchema": False, "multiLine": True, "escape": '"',
       "ignoreLeadingWhiteSpace": False, "ignoreTrailingWhiteSpace": False, "mode": "FAILFAST",
       "unescapedQuoteHandling": "RAISE_ERROR", "maxCharsPerColumn": -1}
PLACE = "prorata_place_"
USAGE = 64
WRONG_INPUT = 65


def refuse(code, message):
    print(f"error: {message}", file=sys.stderr, flush=True)
    raise SystemExit(code)


def write_all(spark, given):
    """Writes the tables that --table names to the input folder."""
    # The default of Spark, INT96, has no unit or zone that readers agree on.
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    options = by_table("--option", given.option, ".")
    orders = by_table("--order", given.order, "=")
    for name, sources in by_table("--table", given.table, "=").items():
        rows = read(spark, name, sources[-1], dict(one.split("=", 1) for one in options.get(name, [])))
        refuse_floats(name, rows)
        columns = [column for text in orders.get(name, []) for column in text.split(",")]
        write(in_order(name, rows, columns), given.input, name)


def by_table(flag, texts, separator):
    """Splits `NAME=…` and groups by the table."""
    groups = {}
    for text in texts:
        name, found, rest = text.partition(separator)
        if name not in TABLES or not found:
            refuse(USAGE, f"{flag} {text}: begin with a table ({', '.join(TABLES)}) and '{separator}'")
        groups.setdefault(name, []).append(rest)
    return groups


def read(spark, name, source, options):
    """`FORMAT:PATH`: csv, parquet, table for the catalog, or any other format of spark.read."""
    form, found, path = source.partition(":")
    if not found:
        refuse(USAGE, f"--table {name}={source}: write FORMAT:PATH, such as csv:{source}")
    if form == "table":
        return spark.read.options(**options).table(path)
    reader = spark.read.format(form).options(**(CSV | options if form == "csv" else options))
    # Formats such as jdbc have no path, only options.
    return reader.load(path) if path else reader.load()


def refuse_floats(name, rows):
    for field in rows.schema.fields:
        if isinstance(field.dataType, (FloatType, DoubleType)):
            refuse(WRONG_INPUT, f"{name}.{field.name} is a column of floating-point numbers\n"
                   "hint: a float does not hold every amount; write decimal or text where the table is made, "
                   "or leave the column out in a view and read that as table:VIEW")


def in_order(name, rows, columns):
    """The rows in one partition, in the order of the source."""
    if columns:
        refuse_ties(name, rows, columns)
        return rows.repartition(1).sortWithinPartitions(*columns)
    placed = with_places(rows)
    if placed is None:
        refuse(USAGE, f"{name}: Spark does not know the place of its rows in files, so they have no order\n"
               f"hint: name the columns that give it: --order {name}=COLUMN,…")
    return placed.repartition(1).sortWithinPartitions(PLACE).drop(PLACE)


def with_places(rows):
    """The rows with their places in files; None for other sources, and for views that hide the files."""
    if not rows.inputFiles():
        return None
    # A partition may hold blocks of several files, so the id alone does not follow the files.
    place = F.struct(F.col("_metadata.file_path").alias("file"), F.col("_metadata.file_block_start").alias("block"),
                     F.monotonically_increasing_id().alias("row"))
    try:
        return rows.select("*", place.alias(PLACE))
    except AnalysisException:
        return None


def refuse_ties(name, rows, columns):
    """Rows that the columns do not tell apart would come in another order each time."""
    tie = rows.groupBy(*columns).agg(F.count(F.lit(1)).alias(PLACE)).filter(F.col(PLACE) > 1).first()
    if tie is not None:
        refuse(WRONG_INPUT, f"--order {name}={','.join(columns)}: {tie[PLACE]} rows have the same values: "
               f"{', '.join(str(tie[column]) for column in columns)}\nhint: add a column that tells them apart")


def write(rows, folder, name):
    """Writes one file beside the table, then renames it, so that the table is never half written."""
    beside = os.path.join(os.path.abspath(folder), f".{name}.spark")
    rows.write.mode("overwrite").option("compression", "zstd").parquet(f"file://{beside}")
    parts = glob.glob(f"{beside}/part-*.parquet")
    if len(parts) != 1:
        refuse(WRONG_INPUT, f"Spark wrote {len(parts)} files to {beside}\n"
               "hint: driver and executors must share the input folder")
    os.replace(parts[0], os.path.join(folder, f"{name}.parquet"))
    shutil.rmtree(beside)
