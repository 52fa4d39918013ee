"""scripts/deploy and scripts/destroy in front of a stand-in for the AWS CLI that keeps one stack in a file: made, made again,
changed, refused, failed, deleted."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from templates import FOLDER, ROOT, finish

ZIPS = ["MultiAccountLogs", "CrossAccountAnomalyProcessor", "QBusinessConnector"]

# The program `aws` of the test: answers in the shapes of the CLI, out of the file STATE.
STAND_IN = f"#!{sys.executable}\n" + r'''import json, os, sys
path = os.environ["STATE"]
state = json.load(open(path)) if os.path.exists(path) else {"objects": {}, "stack": None, "calls": []}
words, options = [], {}
arguments = sys.argv[1:]
while arguments:
    word = arguments.pop(0)
    if word.startswith("--"):
        options[word] = []
        while arguments and not arguments[0].startswith("--"):
            options[word].append(arguments.pop(0))
    else:
        words.append(word)
one = {key: (values or [""])[0] for key, values in options.items()}
state["calls"].append(" ".join(words))
def done(answer=None, error=None):
    json.dump(state, open(path, "w"))
    if error:
        sys.exit(f"\nAn error occurred {error}")
    if answer is not None:
        print(json.dumps(answer))
    sys.exit(0)
stack = state["stack"]
match words:
    case ["sts", "get-caller-identity"]: done({"Account": "123456789012"})
    case ["s3api", "head-object"]:
        done({}) if one["--key"] in state["objects"] else done(error="(404) when calling the HeadObject operation: Not Found")
    case ["s3api", "put-object"]:
        state["objects"][one["--key"]] = os.path.getsize(one["--body"]); done({})
    case ["s3api", "get-bucket-location"]: done({"LocationConstraint": None})
    case ["cloudformation", "describe-stacks"]:
        done({"Stacks": [stack]}) if stack else done(error="(ValidationError): Stack with id usage does not exist")
    case ["cloudformation", "create-change-set"]:
        if (one["--change-set-type"] == "CREATE") == bool(stack):
            done(error="(ValidationError): wrong type of change set")
        old = {p["ParameterKey"]: p["ParameterValue"] for p in (stack or {}).get("Parameters", [])}
        new = {p["ParameterKey"]: old[p["ParameterKey"]] if p.get("UsePreviousValue") else p["ParameterValue"] for p in json.loads(one["--parameters"])}
        state["change"] = {"values": new, "same": new == old}
        done({"Id": "change", "StackId": "usage"})
    case ["cloudformation", "describe-change-set"]:
        if os.environ.get("REFUSE"):
            done({"Status": "FAILED", "StatusReason": os.environ["REFUSE"]})
        if state["change"]["same"]:
            done({"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes. Submit different information to create a change set."})
        done({"Status": "CREATE_COMPLETE", "ChangeSetId": "change", "ChangeSetName": "change", "Changes": [
            {"ResourceChange": {"Action": "Modify" if stack else "Add", "LogicalResourceId": "Functions", "ResourceType": "AWS::CloudFormation::Stack"}}]})
    case ["cloudformation", "delete-change-set"]: done({})
    case ["cloudformation", "execute-change-set"]:
        state["stack"] = {"StackStatus": os.environ.get("END", "CREATE_COMPLETE"), "Outputs": [{"OutputKey": "KeyArn", "OutputValue": "arn:of:key"}],
                          "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in state["change"]["values"].items()]}
        done({})
    case ["cloudformation", "wait", _]:
        json.dump(state, open(path, "w")); sys.exit(255 if os.environ.get("END") else 0)
    case ["cloudformation", "get-template"]: done({"TemplateBody": open(os.environ["TEMPLATE"]).read()})
    case ["cloudformation", "describe-stack-resources"]:
        done({"StackResources": [
            {"LogicalResourceId": "StateTable", "ResourceType": "AWS::DynamoDB::Table", "PhysicalResourceId": "usage-state"},
            {"LogicalResourceId": "Logs", "ResourceType": "AWS::Lambda::Function", "PhysicalResourceId": "MultiAccountLogsFunction"}]})
    case ["cloudformation", "delete-stack"]: state["stack"] = None; done()
    case _: done(error=f"(Unknown): {words}")
'''


def workspace(folder):
    """A copy of what the scripts read, three zips, and the stand-in first in the path."""
    shutil.copytree(FOLDER, folder / "Infrastructure")
    (folder / "scripts").mkdir()
    for name in ("deploy", "destroy"):
        shutil.copy(ROOT / "scripts" / name, folder / "scripts")
    (folder / "dist").mkdir()
    for name in ZIPS:
        (folder / "dist" / f"{name}.zip").write_bytes(name.encode())
    (folder / "bin").mkdir()
    (folder / "bin/aws").write_text(STAND_IN)
    (folder / "bin/aws").chmod(0o755)


def main():
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace(folder)

        def expect(what, command, status, *said, answer=None, **environment):
            settings = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "STATE": f"{folder}/state", "TEMPLATE": f"{folder}/Infrastructure/functions.json"}
            settings |= {} if answer else {"YES": "1"}
            done = subprocess.run([sys.executable, *command], cwd=folder, input=answer or "", capture_output=True, text=True, env=os.environ | settings | environment)
            text = done.stdout + done.stderr
            if done.returncode != status:
                problems.append(f"{what}: ended with {done.returncode}, not {status} ({' '.join(text.split())[-300:]})")
            problems.extend(f"{what}: did not say {word!r} ({' '.join(text.split())[-300:]})" for word in said if word not in text)

        def state():
            return json.loads((folder / "state").read_text())

        deploy = ["scripts/deploy", "usage", "artifacts"]
        expect("no arguments", ["scripts/deploy"], 1, "deploy STACK BUCKET")
        expect("unknown parameter", [*deploy, "Nonsense=1"], 1, "Nonsense: no such parameter")
        expect("no is no", [*deploy, "OrganizationId=o-a1b2c3d4e5"], 1, "Add", "nothing was changed", answer="n\n")
        if state()["stack"]:
            problems.append("no is no: the stack was made all the same")
        expect("first deployment", [*deploy, "OrganizationId=o-a1b2c3d4e5"], 0, "Add", "KeyArn: arn:of:key")
        first = state()
        expect("same deployment again", deploy, 0, "nothing to do")
        if state()["objects"] != first["objects"] or state()["stack"] != first["stack"]:
            problems.append("same deployment again: changed something")
        expect("changed parameter", [*deploy, "RetentionDays=30"], 0, "Modify")
        values = {p["ParameterKey"]: p["ParameterValue"] for p in state()["stack"]["Parameters"]}
        if values.get("OrganizationId") != "o-a1b2c3d4e5" or values.get("RetentionDays") != "30":
            problems.append(f"changed parameter: the stack has {values}")
        (folder / "dist/MultiAccountLogs.zip").write_bytes(b"new")
        expect("new program", deploy, 0, "Modify")
        if len(state()["objects"]) != 2 * len(first["objects"]):
            problems.append("new program: does not stand beside the old one")
        expect("refused change", [*deploy, "RetentionDays=31"], 1, "the change set failed (Parameter is wrong)", REFUSE="Parameter is wrong")
        expect("failed change", [*deploy, "RetentionDays=32"], 1, "did not come to stand", END="UPDATE_ROLLBACK_COMPLETE")
        expect("change after a failed one", [*deploy, "RetentionDays=33"], 0, "Modify")
        expect("missing zip", deploy, 1, "make package", DIST=f"{folder}/nowhere")
        expect("deletion refused", ["scripts/destroy", "usage"], 1, "stays: AWS::DynamoDB::Table usage-state", "nothing was deleted", answer="n\n")
        expect("deletion", ["scripts/destroy", "usage"], 0, "stays: AWS::DynamoDB::Table usage-state", "1 resources stay")
        expect("deletion again", ["scripts/destroy", "usage"], 0, "nothing to do")
        expect("failed creation", [*deploy, "OrganizationId=o-a1b2c3d4e5"], 1, "did not come to stand", END="ROLLBACK_COMPLETE")
        expect("after a failed creation", deploy, 1, "make destroy STACK=usage")
    finish("deploy", problems, "makes, changes and deletes a stack, and does nothing twice")


main()
