"""Deploys every mode in moto through CloudFormation, nested stacks from S3.

moto accepts almost anything, so what it made is looked at: each stack is complete, each function has the settings that the mode
asks for, and no value is left unresolved. Resource types that moto cannot make are taken out beforehand, what refers to them is
filled with a text, and their names are printed.
"""

import ast
import copy
import json
import logging
import os
import re
import sys

for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    os.environ[key] = "testing"
os.environ.pop("AWS_ENDPOINT_URL", None)
logging.disable(logging.WARNING)

import boto3
from moto import mock_aws
from moto.cloudformation import parsing
from moto.cloudformation.models import Stack

from modes import MODES, REFUSED, STANDARD
from templates import finish, load, names, refusals


def output(stack, attribute):
    """The output of a nested stack that another reads, which moto does not know by itself."""
    return next(o["OutputValue"] for o in stack.outputs if f"Outputs.{o['OutputKey']}" == attribute)


def cleaned(value, resources, clean=parsing.clean_json):
    """What moto makes of a value, with AWS::NoValue taken out of lists too."""
    result = clean(value, resources)
    return [element for element in result if element is not None] if isinstance(value, list) else result


Stack.get_cfn_attribute = output
parsing.clean_json = cleaned

BUCKET, PREFIX, STACK = "artifacts", "release-1", "usage"
ZIPS = ["MultiAccountLogs", "CrossAccountAnomalyProcessor", "QBusinessConnector"]


def without_unknown(name, skipped):
    """A template as moto can take it, and the types that were taken out added to skipped."""
    template = copy.deepcopy(load(name))
    known = parsing.get_model_map()
    gone = {l: r["Type"] for l, r in template["Resources"].items() if r["Type"] not in known}
    skipped.update(gone.values())
    for logical in gone:
        del template["Resources"][logical]

    def stand_in(logical, attribute=""):
        arn = f"arn:${{AWS::Partition}}:moto:${{AWS::Region}}:${{AWS::AccountId}}:{logical}"
        return arn if attribute.endswith("Arn") else f"{logical}{attribute}-of-moto"

    def filled(value):
        if isinstance(value, dict):
            if value.get("Ref") in gone:
                return stand_in(value["Ref"])
            if "Fn::GetAtt" in value and value["Fn::GetAtt"][0] in gone:
                return {"Fn::Sub": stand_in(*value["Fn::GetAtt"])}
            return {key: filled(below) for key, below in value.items()}
        if isinstance(value, list):
            return [filled(below) for below in value]
        if isinstance(value, str):
            return re.sub(r"\$\{(\w+)\.?(\w*)\}", lambda m: stand_in(m[1], m[2]) if m[1] in gone else m[0], value)
        return value

    template = filled(template)
    for resource in template["Resources"].values():
        needs = resource.get("DependsOn", [])
        resource["DependsOn"] = [n for n in ([needs] if isinstance(needs, str) else needs) if n not in gone]
    template.pop("Rules", None)
    return template


def deploy(mode, region, skipped):
    """Makes the stack of a mode; returns what is wrong with what came out."""
    problems = []
    parameters = STANDARD | mode["parameters"] | {"ArtifactBucket": BUCKET, "ArtifactPrefix": PREFIX}
    refused = refusals(load("root.json"), parameters)
    if refused:
        return [f"is refused: {reason}" for reason in refused]
    with mock_aws():
        s3 = boto3.client("s3", region_name=region)
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=BUCKET, **place)
        for name in names():
            # moto takes every Region to be in the partition aws.
            body = json.dumps(without_unknown(name, skipped))
            body = body.replace("${AWS::Partition}", partition(region)).replace("${AWS::URLSuffix}", suffix(region))
            s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}", Body=body)
        for name in ZIPS:
            s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}.zip", Body=b"PK\x05\x06" + bytes(18))
        cloud = boto3.client("cloudformation", region_name=region)
        cloud.create_stack(
            StackName=STACK,
            TemplateURL=f"https://{BUCKET}.s3.{region}.{suffix(region)}/{PREFIX}/root.json",
            Parameters=[{"ParameterKey": k, "ParameterValue": str(v)} for k, v in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        stacks = cloud.describe_stacks()["Stacks"]
        for stack in stacks:
            if stack["StackStatus"] != "CREATE_COMPLETE":
                problems.append(f"the stack {stack['StackName']} is {stack['StackStatus']}")
            for output in stack.get("Outputs", []):
                problems += unresolved(f"output {output['OutputKey']}", output["OutputValue"])
        # A nested stack is named after the stack it is in, its logical name and a random part.
        made = {stack["StackName"].split("-")[-2] for stack in stacks if stack["StackName"] != STACK}
        for wanted in mode["stacks"] ^ made:
            problems.append(f"the stack {wanted} is {'missing' if wanted in mode['stacks'] else 'there but not wanted'}")
        functions = {f["FunctionName"]: f for f in boto3.client("lambda", region_name=region).list_functions()["Functions"]}
        for name in ZIPS:
            function = functions.get(f"{name}Function")
            if function is None:
                problems.append(f"{name}Function is missing")
                continue
            variables = function["Environment"]["Variables"]
            for key, value in variables.items():
                problems += unresolved(f"{key} of {name}Function", value)
            for key, value in mode["environment"].items():
                if key in variables and variables[key] != value:
                    problems.append(f"{key} of {name}Function is {variables[key]!r}, not {value!r}")
        problems += policies(region)
        made = [r for s in stacks for r in cloud.describe_stack_resources(StackName=s["StackName"])["StackResources"]
                if r.get("PhysicalResourceId")]
        summary = f"{len(stacks)} stacks, {len(made)} resources"
    return problems or summary


def partition(region):
    return {"us-": "aws-us-gov", "cn-": "aws-cn"}[region[:3]] if region.startswith(("us-gov-", "cn-")) else "aws"


def suffix(region):
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def unresolved(what, value):
    """What of a value still looks like a template; a text that is None is what moto writes for what it cannot resolve."""
    if "${" in str(value) or str(value) == "None" or "'Ref'" in str(value):
        return [f"{what} is not resolved ({value})"]
    return []


def policies(region):
    """Whether each policy of each role is whole and speaks of its own partition."""
    problems = []
    iam = boto3.client("iam", region_name=region)
    for role in iam.list_roles()["Roles"]:
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
            if isinstance(document, str):  # moto keeps a role's own policies as Python writes them
                document = ast.literal_eval(document)
            text, statements = json.dumps(document), document["Statement"]
            problems += unresolved(f"the policy {name}", text)
            for arn in re.findall(r"arn:(aws[a-z-]*):", text):
                if arn != partition(region):
                    problems.append(f"the policy {name} speaks of the partition {arn} in {region}")
            if any(not s.get("Resource") for s in statements):
                problems.append(f"the policy {name} has a statement without a resource")
    return problems


def main(only):
    """Deploys the modes named, or all."""
    problems, skipped = [], set()
    modes = {title: mode for title, mode in MODES.items() if not only or title in only}
    for title, mode in modes.items():
        result = deploy(mode, mode.get("region", "us-east-1"), skipped)
        if isinstance(result, str):
            print(f"moto: {title}: {result}")
        else:
            problems += [f"{title}: {problem}" for problem in result]
    root = load("root.json")
    for reason, parameters in REFUSED.items():
        told = refusals(root, STANDARD | {"ArtifactBucket": BUCKET, "ArtifactPrefix": PREFIX} | parameters)
        if len(told) != 1 or not told[0].startswith(reason):
            problems.append(f"{parameters} should be refused for {reason} alone, and is for {told}")
    untested = {r["AssertDescription"] for rule in root["Rules"].values() for r in rule["Assertions"]}
    untested = {text for text in untested if not any(text.startswith(reason) for reason in REFUSED)}
    problems += [f"no case tries the rule: {text}" for text in sorted(untested)]
    print("moto: not made, for want of support in moto: " + ", ".join(sorted(skipped)))
    finish("moto", problems, f"{len(modes)} modes stand, {len(REFUSED)} wrong ones are refused")


if __name__ == "__main__":
    main(sys.argv[1:])
