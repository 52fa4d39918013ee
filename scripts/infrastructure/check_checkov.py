"""checkov finds nothing that has no reason beside it, and no reason stands where checkov finds nothing. CHECKOV: the program."""

import json
import os
import subprocess

from templates import FOLDER, finish, load, names

# --skip-download: nothing is asked of any server.
command = [os.environ.get("CHECKOV", "checkov"), "--framework", "cloudformation", "--skip-download", "--compact", "-o", "json"]
for name in names():
    command += ["-f", str(FOLDER / name)]
run = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LOG_LEVEL": "ERROR"})
if not run.stdout.strip():
    finish("checkov", [f"said nothing ({run.stderr.strip().splitlines()[-1:] or run.returncode})"], "")
report = json.loads(run.stdout)["results"]
problems = [f"{c['file_path'].lstrip('/')}: {c['resource']} has {c['check_id']} ({c['check_name']})" for c in report["failed_checks"]]
fired = {(c["file_path"].rsplit("/", 1)[-1], c["resource"].rsplit(".", 1)[-1], c["check_id"]) for c in report["skipped_checks"]}
for name in names():
    for logical, resource in load(name)["Resources"].items():
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
            if len(skip.get("comment", "")) < 20:
                problems.append(f"{name}: {logical} skips {skip['id']} without a reason")
            if (name, logical, skip["id"]) not in fired:
                problems.append(f"{name}: {logical} skips {skip['id']}, which checkov does not look for there")
problems += [f"{path}: cannot be read by checkov" for path in report.get("parsing_errors", [])]
finish("checkov", problems, f"{len(report['passed_checks'])} checks passed, {len(fired)} left out with a reason")
