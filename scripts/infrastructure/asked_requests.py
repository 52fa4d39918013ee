"""Which right each logged request of a function needs: the action, and the resources that AWS checks it on."""

import json
from collections import Counter
from pathlib import Path

ACCOUNT, REGION = "123456789012", "us-east-1"
# The ARN of the domain that the tests stand for.
DOMAIN = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/tested"
# Requests that take no right, with the page that says so.
FREE = {"sts.GetCallerIdentity": "AWS Security Token Service API Reference, GetCallerIdentity: no permissions are required"}
# What a request of several actions needs for each of them: Amazon DynamoDB Developer Guide, Amazon DynamoDB Transactions.
TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}


class Unknown(Exception):
    """A request that this page knows no right for."""


def arn(service, rest, account=ACCOUNT, region=REGION):
    return f"arn:aws:{service}:{region}:{account}:{rest}"


def table(name):
    return name if name.startswith("arn:") else arn("dynamodb", f"table/{name}")


def queue(url):
    return arn("sqs", url.rsplit("/", 1)[1])


def member(identity, settings):
    """An account, a unit or the root, by the form of its id."""
    kind = "ou" if identity.startswith("ou-") else "root" if identity.startswith("r-") else "account"
    return arn("organizations", f"{kind}/{settings.get('ORGANIZATION_ID', '')}/{identity}", region="")


def dynamodb(operation, given, _):
    if operation in ("TransactWriteItems", "TransactGetItems"):
        for item in given["TransactItems"]:
            (kind, inner), = item.items()
            yield f"dynamodb:{TRANSACTION[kind]}", [table(inner["TableName"])]
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for name in given["RequestItems"]:
            yield f"dynamodb:{operation}", [table(name)]
    else:
        yield f"dynamodb:{operation}", [table(given["TableName"])]


def sqs(operation, given, _):
    yield f"sqs:{operation.removesuffix('Batch')}", [queue(given["QueueUrl"])]


def s3(operation, given, _):
    action = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket"}.get(operation, operation)
    bucket = arn("s3", given["Bucket"], "", "")
    yield f"s3:{action}", [bucket if action == "ListBucket" else f"{bucket}/{given['Key']}"]


def sns(operation, given, _):
    yield f"sns:{operation}", [given["TopicArn"]]


def events(operation, given, _):
    for entry in given["Entries"]:
        bus = entry.get("EventBusName", "default")
        yield f"events:{operation}", [bus if bus.startswith("arn:") else arn("events", f"event-bus/{bus}")]


def invoke(operation, given, _):
    if operation != "Invoke":
        raise Unknown(operation)
    name = given["FunctionName"]
    yield "lambda:InvokeFunction", [name if name.startswith("arn:") else arn("lambda", f"function:{name}")]


def organizations(operation, given, settings):
    if operation == "ListAccounts":
        yield "organizations:ListAccounts", ["*"]
        return
    (identity,) = [given[key] for key in ("AccountId", "OrganizationalUnitId", "ChildId", "ResourceId") if key in given]
    yield f"organizations:{operation}", [member(identity, settings)]


def secretsmanager(operation, given, _):
    yield f"secretsmanager:{operation}", [given["SecretId"]]


def sts(operation, given, _):
    yield f"sts:{operation}", [given["RoleArn"]]


def costs(operation, _given, _settings):
    yield f"ce:{operation}", ["*"]


def qbusiness(operation, given, _):
    application = arn("qbusiness", f"application/{given['applicationId']}")
    index = [f"{application}/index/{given['indexId']}"] if "indexId" in given else []
    yield f"qbusiness:{operation}", [application, *index]


def bedrock(operation, given, _):
    if operation not in ("Converse", "InvokeModel"):
        raise Unknown(operation)
    yield "bedrock:InvokeModel", [arn("bedrock", f"foundation-model/{given['modelId']}", "")]


NEEDS = {"dynamodb": dynamodb, "sqs": sqs, "s3": s3, "sns": sns, "events": events, "lambda": invoke, "organizations": organizations,
         "secretsmanager": secretsmanager, "sts": sts, "ce": costs, "qbusiness": qbusiness, "bedrock-runtime": bedrock}


def needs(entry, settings):
    """The pairs of action and resources that a request needs; all of its resources must be granted."""
    service, operation = entry["service"], entry["operation"]
    if f"{service}.{operation}" in FREE:
        return []
    if service == "es":
        method, path = operation.split(" ", 1)
        return [(f"es:ESHttp{method.capitalize()}", [DOMAIN + path])]
    if service not in NEEDS:
        raise Unknown(f"{service}.{operation}")
    return list(NEEDS[service](operation, entry.get("params") or {}, settings))


def read(folder):
    """What each function asked for while it was at work: how often, by function, settings, action and resources; and what is unclear."""
    folder, problems, asked = Path(folder), [], Counter()
    spans = [json.loads(line) for line in (folder / "spans.jsonl").read_text().splitlines()]
    entries = [entry for path in folder.glob("log-*.json") for entry in json.loads(path.read_text())]
    spans.sort(key=lambda span: span["from"])
    entries.sort(key=lambda entry: entry["at"])
    open_spans, place = [], 0
    for entry in entries:
        while place < len(spans) and spans[place]["from"] <= entry["at"]:
            open_spans.append(spans[place])
            place += 1
        open_spans = [span for span in open_spans if entry["at"] <= span["to"]]
        functions = {span["function"] for span in open_spans}
        if len(functions) > 1:
            problems.append(f"{sorted(functions)} were at work at once; let the suites run one after the other")
        # What was cut off before it could be read, or was refused for its form, is judged by the tests.
        if not functions or not entry.get("operation"):
            continue
        span = open_spans[-1]
        settings = tuple(sorted(span["settings"].items()))
        try:
            for action, resources in needs(entry, span["settings"]):
                asked[(span["function"], settings, action, tuple(resources))] += 1
        except (Unknown, KeyError, ValueError) as unknown:
            problems.append(f"{span['function']} asked for {entry['service']}.{entry['operation']} ({unknown}); say in "
                            "asked_requests.py which right that needs")
    return asked, len(spans), sorted(set(problems))
