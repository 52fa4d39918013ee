"""Templates stay below CloudFormation's limits ("Understand CloudFormation quotas" in its User Guide)."""

from templates import FOLDER, finish, load, names

LARGEST_INLINE = 51_200  # bytes of a template that goes along with the request
LARGEST_IN_S3 = 1_000_000  # bytes of one that is read from a bucket
MOST = {"Parameters": 200, "Resources": 500, "Outputs": 200, "Mappings": 200}
LONGEST_DESCRIPTION = 1_024  # bytes
LARGEST_FILTER = 1_024  # characters of a subscription filter's pattern
LARGEST_POLICY = 10_240  # characters of all inline policies of a role, without white space

problems = []
largest = ("", 0)
for name in names():
    size = (FOLDER / name).stat().st_size
    template = load(name)
    largest = max(largest, (name, size), key=lambda pair: pair[1])
    if size > LARGEST_IN_S3:
        problems.append(f"{name}: {size} bytes, at most {LARGEST_IN_S3} are read from a bucket")
    if name in ("root.json", "member-role.json") and size > LARGEST_INLINE:
        problems.append(f"{name}: {size} bytes, at most {LARGEST_INLINE} go along with a request, as people send it")
    for section, most in MOST.items():
        if len(template.get(section, {})) > most:
            problems.append(f"{name}: {len(template[section])} {section.lower()}, at most {most} are taken")
    if len(template["Description"].encode()) > LONGEST_DESCRIPTION:
        problems.append(f"{name}: a description of over {LONGEST_DESCRIPTION} bytes")
    for logical, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Policy":
            # White space does not count; names that are filled in are longer than their places, so half must be free.
            length = len("".join(str(resource["Properties"]["PolicyDocument"]).split()))
            if length > LARGEST_POLICY:
                problems.append(f"{name}: {logical} has {length} characters, at most {LARGEST_POLICY} are taken")
        if resource["Type"] == "AWS::Logs::SubscriptionFilter":
            for pattern in resource["Properties"]["FilterPattern"]["Fn::If"][1:]:
                if len(pattern) > LARGEST_FILTER:
                    problems.append(f"{name}: {logical} has a pattern of {len(pattern)} characters, at most {LARGEST_FILTER} are taken")
finish("limits", problems, f"{len(names())} templates, the largest {largest[0]} with {largest[1]:,} bytes")
