"""Nested stacks fit: every parameter that is given exists, every one that is needed is given, every output that is read exists."""

import json

from templates import finish, given, load, names, nested, shown, walk


def outputs_read(template):
    """Outputs of nested stacks that are read, as (stack, output, where)."""
    for path, value in walk(template):
        if isinstance(value, dict) and set(value) == {"Fn::GetAtt"}:
            resource, attribute = value["Fn::GetAtt"]
            if attribute.startswith("Outputs."):
                yield resource, attribute.removeprefix("Outputs."), shown(path)


problems = []
stacks = 0
used = {"root.json"}
for name in names():
    template = load(name)
    files = {}
    for logical, resource, file in nested(template):
        stacks += 1
        used.add(file)
        files[logical] = load(file)
        declared, passed = files[logical]["Parameters"], given(resource)
        for parameter in passed.keys() - declared.keys():
            problems.append(f"{name}: {logical} is given {parameter}, which {file} does not declare")
        for parameter in declared.keys() - passed.keys():
            if "Default" not in declared[parameter]:
                problems.append(f"{name}: {logical} is not given {parameter}, which {file} needs")
    for logical, output, place in outputs_read(template):
        if output not in files[logical].get("Outputs", {}):
            problems.append(f"{name}: {place} reads {output}, which the template of {logical} does not put out")
    written = json.dumps(template)
    for parameter in template.get("Parameters", {}):
        if f'{{"Ref": "{parameter}"}}' not in written and f"${{{parameter}}}" not in written:
            problems.append(f"{name}: parameter {parameter} is not used")
groups = load("root.json")["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
grouped = [parameter for group in groups for parameter in group["Parameters"]]
for parameter in load("root.json")["Parameters"].keys() ^ set(grouped):
    problems.append(f"root.json: parameter {parameter} is not both declared and in a group of the console")
for parameter in {p for p in grouped if grouped.count(p) > 1}:
    problems.append(f"root.json: parameter {parameter} is in two groups of the console")
for name in set(names()) - used:
    problems.append(f"{name}: no other template uses it")
finish("nesting", problems, f"{stacks} nested stacks fit")
