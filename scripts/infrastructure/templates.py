"""The templates as data, and what several checks ask of them."""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Infrastructure"
POLICY_FILES = {"cross-account-trust-policy.json", "anomaly-detector-read-policy.json"}


def names():
    """The file names of all templates, root.json first."""
    found = sorted(path.name for path in FOLDER.glob("*.json") if path.name not in POLICY_FILES)
    return sorted(found, key=lambda name: name != "root.json")


def load(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def walk(value, path=()):
    """Every object and list below value, with the keys that lead to it."""
    yield path, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from walk(below, path + (key,))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from walk(below, path + (index,))


def shown(path):
    return "/".join(map(str, path))


def nested(template):
    """Logical name, resource and file name of each stack and stack set that a template makes out of another."""
    for name, resource in template["Resources"].items():
        if resource["Type"] in ("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet"):
            url = resource["Properties"]["TemplateURL"]["Fn::Sub"]
            yield name, resource, url.rsplit("/", 1)[1]


def given(resource):
    """The parameters that a nested stack or stack set is given, by name."""
    parameters = resource["Properties"].get("Parameters", {})
    if isinstance(parameters, list):
        return {entry["ParameterKey"]: entry["ParameterValue"] for entry in parameters}
    return parameters


def with_defaults(template, chosen):
    """The values of a template's parameters as text: what was chosen, else the default."""
    values = {}
    for name, parameter in template["Parameters"].items():
        if name in chosen:
            values[name] = str(chosen[name])
        elif "Default" in parameter:
            values[name] = str(parameter["Default"])
    return values


def refusals(template, chosen):
    """Why CloudFormation would refuse these values: limits of single parameters, then the template's rules."""
    values = with_defaults(template, chosen)
    problems = [f"{name}: unknown parameter" for name in chosen if name not in template["Parameters"]]
    for name, parameter in template["Parameters"].items():
        value = values.get(name)
        if value is None:
            problems.append(f"{name}: has no default and was not given")
            continue
        if "AllowedValues" in parameter and value not in map(str, parameter["AllowedValues"]):
            problems.append(f"{name}: {value!r} is not one of {parameter['AllowedValues']}")
        if "AllowedPattern" in parameter and not re.fullmatch(parameter["AllowedPattern"], value):
            problems.append(f"{name}: {value!r} does not match {parameter['AllowedPattern']}")
        if "MinValue" in parameter and not parameter["MinValue"] <= float(value) <= parameter["MaxValue"]:
            problems.append(f"{name}: {value} is not from {parameter['MinValue']} to {parameter['MaxValue']}")
    for rule in template.get("Rules", {}).values():
        if holds(rule.get("RuleCondition", True), values):
            problems += [a["AssertDescription"] for a in rule["Assertions"] if not holds(a["Assert"], values)]
    return problems


def holds(condition, values):
    """Whether a condition of a rule is true for these values of parameters."""
    if isinstance(condition, bool):
        return condition
    (function, arguments), = condition.items()
    if function == "Fn::Equals":
        left, right = (text(argument, values) for argument in arguments)
        return left == right
    if function == "Fn::Contains":
        return text(arguments[1], values) in arguments[0]
    if function == "Fn::Not":
        return not holds(arguments[0], values)
    if function == "Fn::And":
        return all(holds(argument, values) for argument in arguments)
    if function == "Fn::Or":
        return any(holds(argument, values) for argument in arguments)
    raise ValueError(f"{function}: not known to this check")


def text(argument, values):
    return values[argument["Ref"]] if isinstance(argument, dict) else argument


def finish(check, problems, said):
    """Prints what was found, one line each, and ends with the status that says so."""
    for problem in problems:
        print(f"{check}: {problem}", file=sys.stderr)
    if not problems:
        print(f"{check}: {said}")
    sys.exit(1 if problems else 0)
