"""check_asked_rights.py FOLDER: what the functions asked of AWS in the integration tests, against the rights that their templates grant.

Nothing that was asked for may lack a right, and no right may be left that nothing asked for, but those of unseen_rights.py. FOLDER holds
what the tests kept: the stand-in's logs, and who was at work when. Of use only after a run of all suites.
"""

import re
import sys
from collections import Counter

import asked_requests
from granted_rights import FUNCTIONS, TEMPLATE, Deployment, all_grants
from templates import finish, load, names
from unseen_rights import AHEAD, UNSEEN


def is_outside(function, settings, action):
    """Whether the settings are of a kind that the templates never make: signals to a bus instead of to the processor."""
    return (function, action) == ("MultiAccountLogs", "events:PutEvents") and ":event-bus/" in dict(settings).get("EARLY_SIGNAL_TARGET", "")


def other_policies():
    """The policy documents of the templates that are no function's, with the name of their role or policy."""
    own = {policy for policy, _ in FUNCTIONS.values()}
    for template in names():
        for name, resource in load(template)["Resources"].items():
            if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::Role") and name not in own:
                properties = resource["Properties"]
                for policy in [properties] if "PolicyDocument" in properties else properties.get("Policies", []):
                    yield "MemberRole" if template == "member-role.json" else name, policy["PolicyDocument"]


asked, spans, problems = asked_requests.read(sys.argv[1])
deployments, used, requests, outside, missing = {}, Counter(), Counter(), Counter(), {}
for (function, settings, action, resources), count in sorted(asked.items()):
    deployment = deployments.setdefault((function, settings), Deployment(function, dict(settings)))
    requests[function] += count
    for resource in resources:
        grants = set(deployment.grants(action, resource))
        used.update({(function, *grant): count for grant in grants})
        if not grants and is_outside(function, settings, action):
            outside[function] += count
        elif not grants:
            # One line for all accounts and the like, with an example.
            missing.setdefault((function, action, re.split(r"[/?]", resource)[0], settings), []).append((resource, count))
for (function, action, _, settings), found in missing.items():
    told = " ".join(f"{key}={value}" for key, value in settings)
    problems.append(f"{function} needs {action} on {found[0][0]} and is not granted it, {sum(n for _, n in found)} times, with {told}")

rows, listed = [], Counter()
for function, (policy, _) in FUNCTIONS.items():
    exempt = UNSEEN[function] | AHEAD.get(function, {})
    for sid, actions, resources in all_grants(TEMPLATE["Resources"][policy]["Properties"]["PolicyDocument"]):
        counts = {(action, resource): used[(function, sid, action, resource)] for action in actions for resource in resources}
        for right in counts.keys() & exempt.keys():
            listed[function, right] += 1
            if counts.pop(right):
                problems.append(f"{function} asked for {right[0]} on {right[1]}; take it out of unseen_rights.py")
        rows += [(function, *right, count) for right, count in sorted(counts.items()) if count]
        # Of several resources an action may concern one: every action and every resource must have been asked for.
        for place in (0, 1):
            for name in sorted({right[place] for right in counts}):
                if not any(count for right, count in counts.items() if right[place] == name):
                    problems.append(f"{function}: nothing asked for {name} of {sid}; test what needs it, or take the right away")
for role, document in other_policies():
    for _, actions, resources in all_grants(document):
        for right in [(action, resource) for action in actions for resource in resources]:
            listed[role, right] += 1
            if right not in UNSEEN.get(role, {}) and right not in AHEAD.get(role, {}):
                problems.append(f"{role}: {right[0]} on {right[1]} shows in no log; say in unseen_rights.py which page asks for it")
for table in (UNSEEN, AHEAD):
    problems += [f"{role}: {action} on {resource} stands in unseen_rights.py and is not granted"
                 for role, rights in table.items() for action, resource in rights if not listed[role, (action, resource)]]

widths = [max([len(row[column]) for row in rows], default=0) for column in range(3)]
for function, action, resource, count in rows:
    print(f"{function:<{widths[0]}}  {action:<{widths[1]}}  {resource:<{widths[2]}}  {count:>7}")
for function, count in outside.items():
    print(f"{function}: {count} signals went to a bus, for which the templates have no setting and no right")
for role, rights in AHEAD.items():
    for (action, resource), reason in rights.items():
        print(f"{role}: {action} on {resource} is granted ahead of the programs, with {reason}")
finish("asked rights", problems, f"{sum(requests.values())} requests in {spans} runs needed {len(rows)} rights, all granted; "
                                 f"{sum(map(len, UNSEEN.values()))} more never show in a log, each with AWS's page")
