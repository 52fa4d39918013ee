"""What a deployment costs a month, worked out from list prices and assumptions that stand here; prints the table of Infrastructure/README.md.

Prices: us-east-1, on demand, before discounts, as AWS's pricing pages have long listed them; not fetched from the Price List.
"""

MONTH = 30 * 86_400  # seconds
GB = 1e9  # bytes

PRICE = {
    "log ingestion": 0.50,  # per GB into CloudWatch Logs, Standard class
    "file storage": 0.023,  # per GB and month in S3 Standard
    "file puts": 0.005 / 1000,  # each
    "invocations": 0.20 / 1e6,  # each, Lambda
    "compute": 0.0000166667,  # per GB-second, Lambda on x86_64
    "table writes": 0.625 / 1e6,  # per unit of 1 KB, DynamoDB on demand
    "queue": 0.40 / 1e6,  # per request, SQS
    "events": 1.00 / 1e6,  # per event from S3 through EventBridge
    "node hour": {"r6g.large": 0.167, "r6g.xlarge": 0.335, "r6g.2xlarge": 0.669},  # OpenSearch Service
    "disk": 0.122,  # per GB and month, gp3 of OpenSearch Service
    "key": 1.00,
    "alarms": 0.10,  # each
    "metrics": 0.30,  # each, custom
    "dashboard": 3.00,
}
ALARMS, METRICS = 17, 17  # metrics: 7 of MultiAccountLogs, 5 each of the others

RECORD = 1_300  # bytes of JSON; 1,261 on average in 2,900 real records
PACKED = 10  # times smaller as gzip in a trail file
BATCH = 1_000  # records of an invocation where enough come
SLOWEST = 10  # seconds between two invocations where few come
DURATION = 0.3  # seconds of an invocation, waiting for OpenSearch included
MEMORY = 0.5  # GB
LOW_VOLUME = 0.01  # share of records that enter the state table one by one, at 2 units
HINTS = 8  # units for a batch or file with such records: a mark and three entities' counts for early signals
LEDGER = 4  # units for an invocation: a mark and one stream
LIMITS = 5_000  # entities whose limits for early signals are written twice a day
FILE = 2_000  # records of a trail file where enough come
FILES_AT_LEAST = 50 * 12 * MONTH / 3600  # files a month: 50 accounts and Regions in use, one each five minutes
STORED = 1.2  # bytes on disk for each byte of a record
COPIES = 2  # primary and replica
FREE = 1.4  # room for merges and growth
FILE_DAYS = 400

# Rate a second, how records come, share that is stored in OpenSearch, days there, nodes.
CASES = {
    "1/s": (1, "log-group", 1.0, 90, (2, "r6g.large")),
    "100/s": (100, "log-group", 1.0, 30, (3, "r6g.xlarge")),
    "100/s, trail files": (100, "trail-files", 1.0, 30, (3, "r6g.xlarge")),
    "10,000/s, trail files, watched only": (10_000, "trail-files", 0.03, 30, (6, "r6g.2xlarge")),
}


def monthly(rate, way, share, days, nodes):
    """Dollars a month, by what they are for, in the steady state."""
    records = rate * MONTH
    volume = records * RECORD / GB
    files = max(FILES_AT_LEAST, records / FILE)
    invocations = max(records / BATCH, MONTH / SLOWEST)
    if way == "trail-files":
        invocations = max(files / 10, records / BATCH / 10)
    # The longer a batch, the longer it takes; 10 files hold up to 20 batches.
    seconds = max(records / BATCH, invocations) * DURATION
    batches = files if way == "trail-files" else invocations
    count, kind = nodes
    disk = rate * share * days * 86_400 * RECORD * STORED * COPIES * FREE / GB
    return {
        "CloudWatch Logs": volume * PRICE["log ingestion"] if way == "log-group" else 0,
        "S3": volume / PACKED * FILE_DAYS / 30 * PRICE["file storage"] + files * PRICE["file puts"],
        "SQS, EventBridge": files * (PRICE["events"] + 3 * PRICE["queue"]) if way == "trail-files" else 0,
        "Lambda": invocations * PRICE["invocations"] + seconds * MEMORY * PRICE["compute"]
        + MONTH / 300 * (PRICE["invocations"] + 10 * 1.7 * PRICE["compute"]),
        "DynamoDB": (records * LOW_VOLUME * 2 + batches * HINTS + invocations * LEDGER + LIMITS * 60) * PRICE["table writes"],
        "OpenSearch nodes": count * PRICE["node hour"][kind] * 720,
        "OpenSearch disk": max(disk, count * 100) * PRICE["disk"],
        "key, alarms, metrics": PRICE["key"] + ALARMS * PRICE["alarms"] + METRICS * PRICE["metrics"] + PRICE["dashboard"],
    }


def table():
    columns = {title: monthly(*case) for title, case in CASES.items()}
    lines = ["| USD a month | " + " | ".join(columns) + " |", "| --- |" + " ---: |" * len(columns)]
    for row in next(iter(columns.values())):
        lines.append(f"| {row} | " + " | ".join(f"{column[row]:,.0f}" for column in columns.values()) + " |")
    lines.append("| **all** | " + " | ".join(f"**{sum(column.values()):,.0f}**" for column in columns.values()) + " |")
    lines.append("| per million records | " + " | ".join(
        f"{sum(monthly(*case).values()) / (case[0] * MONTH / 1e6):,.2f}" for case in CASES.values()) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
