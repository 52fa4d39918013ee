"""Rights are narrow: no action of all, resources named where AWS lets one name them, conditions on every service."""

from templates import finish, load, names, shown, walk

# Actions for which AWS takes no resource, or none that is known beforehand, with the reason.
REFERENCE = "Service Authorization Reference, Actions, resources, and condition keys for"
UNNAMED = {
    "organizations:ListAccounts": f"takes no resource: {REFERENCE} AWS Organizations",
}
UNNAMED |= dict.fromkeys(
    ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
     "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses"],
    "Lambda asks for it on everything: AWS Lambda Developer Guide, Giving Lambda functions access to resources in an Amazon VPC",
)
UNNAMED |= dict.fromkeys(
    ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities", "backup:ListBackupJobs",
     "cloudtrail:LookupEvents", "cloudwatch:GetMetricData", "ec2:DescribeFleets", "ec2:DescribeInstances",
     "ec2:DescribeSpotFleetRequests", "ec2:DescribeVolumes", "lambda:ListEventSourceMappings", "servicequotas:ListServiceQuotas"],
    f"lists or describes, and takes no resource: {REFERENCE} the service",
)
UNNAMED |= dict.fromkeys(
    ["cloudformation:DescribeStacks", "dlm:GetLifecyclePolicies", "lambda:GetFunctionConcurrency", "servicequotas:GetServiceQuota"],
    "what caused an anomaly is not known beforehand",
)
# Services whose calls carry neither source account nor source ARN.
UNCONDITIONED = {"lambda.amazonaws.com": "takes on a function's role without naming the function; iam:PassRole decides who may give it the role"}
SOURCE_KEYS = {"aws:SourceArn", "aws:SourceAccount", "kms:EncryptionContext:aws:logs:arn"}


def listed(value):
    return value if isinstance(value, list) else [value]


def statements(template):
    """Every statement of every policy, whichever way the template chooses."""
    for path, value in walk(template):
        if isinstance(value, dict) and "Effect" in value and ("Action" in value or "NotAction" in value):
            yield path, value


problems = []
count = 0
for name in names():
    for path, statement in statements(load(name)):
        count += 1
        place = f"{name}: {shown(path)}"
        if "NotAction" in statement or "NotResource" in statement or "NotPrincipal" in statement:
            problems.append(f"{place} grants by exception; name what is granted")
        if statement["Effect"] != "Allow":
            continue
        actions, condition = listed(statement["Action"]), statement.get("Condition", {})
        for action in actions:
            if "*" in action:
                problems.append(f"{place} allows {action}; name the actions")
        # In the policy of a key, "*" is that key.
        if "KeyPolicy" not in path and "*" in listed(statement.get("Resource", [])):
            problems += [f"{place} allows {action} on everything; name the resource" for action in actions if action not in UNNAMED]
        principal = statement.get("Principal", {})
        if principal == "*" or "*" in listed(principal.get("AWS", [])):
            problems.append(f"{place} allows everyone; name who")
        keys = {key for operator in condition.values() for key in operator} if "Fn::If" not in condition else set()
        for service in listed(principal.get("Service", [])):
            service = str(service)
            if service not in UNCONDITIONED and not keys & SOURCE_KEYS:
                problems.append(f"{place} lets {service} in for anyone's account; add aws:SourceArn or aws:SourceAccount")
    for path, value in walk(load(name)["Resources"]):
        if isinstance(value, str) and ("arn:aws" in value or ".amazonaws.com/" in value):
            problems.append(f"{name}: {shown(path)} fits one partition only; write AWS::Partition or AWS::URLSuffix")
    for logical, resource in load(name)["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Permission":
            count += 1
            if not {"SourceArn", "SourceAccount"} <= resource["Properties"].keys():
                problems.append(f"{name}: {logical} lets {resource['Properties']['Principal']} in for anyone's account; add SourceArn and SourceAccount")
finish("rights", problems, f"{count} statements and permissions are narrow")
