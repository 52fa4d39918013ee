"""What the sources and the templates both say is the same: settings, their limits and defaults, function names, metrics, the role of the
accounts."""

import json
import re

import costs
from templates import FOLDER, ROOT, finish, load, walk

SOURCES = ROOT / "Sources"
SETTINGS = SOURCES / "Pipeline/Settings"
# Keys that no function is given, with the reason.
LEFT_OUT = {
    "USAGE_CATALOG": "names a file beside the program; the catalog that is compiled in is the deployed one",
    "LOG_LEVEL": "LoggingConfig makes Lambda set AWS_LAMBDA_LOG_LEVEL, which is read where LOG_LEVEL is not set",
}
# Parameters of root.json whose limits and defaults are those of a setting.
PARAMETERS = {
    "syncIntervalMinutes": "SyncIntervalMinutes",
    "anomalyEvalMinutes": "AnomalyEvalMinutes",
    "retentionDays": "RetentionDays",
    "bulkMaxBytes": "BulkMaxBytes",
    "enableAccountEnrichment": "EnableAccountEnrichment",
    "enableOrgContext": "EnableOrgContext",
    "enableCostAnalysis": "EnableCostAnalysis",
    "enableRootCauseAnalysis": "EnableRootCauseAnalysis",
    "bulkGzip": "BulkGzip",
    "recordScope": "RecordScope",
    "insightProvider": "InsightProvider",
    "responseMode": "ResponseMode",
}

problems = []
functions, root = load("functions.json"), load("root.json")
source = (SETTINGS / "Settings.swift").read_text()
catalog = json.loads((SOURCES / "UsageCore/Catalog/usage-catalog.json").read_text())


def check_keys():
    keys = re.findall(r'case \w+ = "([A-Z_]+)"', (SETTINGS / "SettingsKey.swift").read_text())
    set_keys = set()
    for logical, resource in functions["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function":
            variables = resource["Properties"]["Environment"]["Variables"].keys()
            set_keys |= variables
            problems.extend(f"{logical} is given {key}, which no setting reads" for key in sorted(variables - set(keys)))
    for key in keys:
        if key not in set_keys and key not in LEFT_OUT:
            problems.append(f"{key} is given to no function, and no reason is known for it")
        if key in set_keys and key in LEFT_OUT:
            problems.append(f"{key} is given to a function, but stands among those that are left out")
    problems.extend(f"{key} is left out, but no setting reads it" for key in LEFT_OUT.keys() - set(keys))
    return len(keys)


def number(text):
    """A whole number as the sources write it, as in `5 << 20`."""
    text = text.strip().removeprefix("Self.")
    if text == "largestBulk":
        text = re.search(r"static let largestBulk = ([0-9< ]+)", source)[1]
    left, _, shift = text.partition("<<")
    return int(left.replace("_", "")) << int(shift or 0)


def check_limits():
    for key, low, high, standard in re.findall(r"reader\.whole\(\.(\w+), in: (.+?)\.\.\.(.+?), standard: (.+?)\)", source):
        parameter = root["Parameters"][PARAMETERS[key]]
        told = (parameter["MinValue"], parameter["MaxValue"], parameter["Default"])
        if told != (number(low), number(high), number(standard)):
            problems.append(f"{PARAMETERS[key]}: {told} as least, most and default; the setting has {low}, {high}, {standard}")
    for key, standard in re.findall(r"reader\.flag\(\.(\w+), standard: (\w+)\)", source):
        if root["Parameters"][PARAMETERS[key]]["Default"] != standard:
            problems.append(f"{PARAMETERS[key]}: its default is not {standard}, the setting's")
    for key, standard in re.findall(r"reader\.choice\(\.(\w+), standard: \.(\w+)\)", source):
        kind = key[0].upper() + key[1:]
        body = re.search(rf"enum {kind}: .*?\{{(.*?)\}}", source, re.S)[1]
        values = [given or plain.strip() for cases in re.findall(r"case ([^\n]+)", body)
                  for plain, given in re.findall(r'(\w+)(?: = "([^"]+)")?', cases)]
        parameter = root["Parameters"][PARAMETERS[key]]
        if sorted(parameter["AllowedValues"]) != sorted(values) or parameter["Default"] != standard:
            problems.append(f"{PARAMETERS[key]}: {parameter['AllowedValues']}; the setting takes {values}, {standard} by default")


def check_names():
    own = re.findall(r'"(\w+Function)"', (SOURCES / "UsageCore/Records/OwnActivity.swift").read_text())
    made = [r["Properties"]["FunctionName"] for r in functions["Resources"].values() if r["Type"] == "AWS::Lambda::Function"]
    if sorted(own) != sorted(made):
        problems.append(f"functions.json: the functions are {made}; the sources know {own} as their own")
    shunned = {name for path, value in walk(load("trail.json")) if isinstance(value, str) and path[-1] == "Fn::Sub"
               for name in re.findall(r":function:(\w+)$", value)}
    if shunned != set(made):
        problems.append(f"trail.json: invocations of {sorted(set(made) - shunned)} are recorded although they are our own")


def check_metrics():
    written = "".join(path.read_text() for path in SOURCES.glob("Pipeline/**/*.swift"))
    body = (FOLDER / "watch.json").read_text()
    for name in sorted(set(re.findall(r'"(Records\w+)\\?"[,\]]', body.replace("\\", "")))):
        if f'"{name}"' not in written:
            problems.append(f"watch.json: shows the metric {name}, which no function writes")


def check_member_role():
    role = load("member-role.json")["Resources"]["Role"]["Properties"]
    if role["Policies"][0]["PolicyDocument"] != json.loads((FOLDER / "anomaly-detector-read-policy.json").read_text()):
        problems.append("anomaly-detector-read-policy.json: is not the policy of member-role.json")
    trust = json.loads((FOLDER / "cross-account-trust-policy.json").read_text())["Statement"][0]
    made = role["AssumeRolePolicyDocument"]["Statement"][0]
    if trust["Condition"]["StringEquals"].keys() != made["Condition"]["StringEquals"].keys() or trust["Action"] != made["Action"]:
        problems.append("cross-account-trust-policy.json: is not the trust of member-role.json")
    standard = root["Parameters"]["MemberRoleName"]["Default"]
    if f'?? "{standard}"' not in source:
        problems.append(f"MemberRoleName: its default {standard} is not the setting's")


def check_costs():
    if costs.table() not in (FOLDER / "README.md").read_text():
        problems.append("README.md: its table of costs is not what scripts/infrastructure/costs.py prints")


keys = check_keys()
check_limits()
check_names()
check_metrics()
check_member_role()
check_costs()
finish("settings", problems, f"{keys} settings, function names, metrics, the filter and the accounts' role are those of the sources")
