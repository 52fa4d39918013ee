"""The rights that functions.json grants to each function, for the settings that a test has given it."""

import re

from asked_requests import ACCOUNT, DOMAIN, REGION
from templates import load, with_defaults

TEMPLATE, ROOT = load("functions.json"), load("root.json")
# By program: the logical names of its policy and of its function.
FUNCTIONS = {
    "MultiAccountLogs": ("LogsPolicy", "Logs"),
    "CrossAccountAnomalyProcessor": ("ProcessorPolicy", "Processor"),
    "QBusinessConnector": ("ConnectorPolicy", "Connector"),
}
# The bucket that the tests' trail files lie in; no setting names it.
TRAIL_BUCKET = "trails"
NO_VALUE = {"Ref": "AWS::NoValue"}


def listed(value):
    return value if isinstance(value, list) else [value]


class Deployment:
    """A function as the templates would have to deploy it to give it these settings."""

    def __init__(self, function, settings):
        policy, logical = FUNCTIONS[function]
        self.policy = TEMPLATE["Resources"][policy]["Properties"]["PolicyDocument"]
        self.names, self.arns = {}, {}
        self.bind(TEMPLATE["Resources"][logical]["Properties"]["Environment"]["Variables"], settings)
        endpoint, organization = settings.get("OPENSEARCH_ENDPOINT", ""), settings.get("ORGANIZATION_ID", "")
        chosen = {
            "SearchMode": "existing" if endpoint else "none", "Scope": "organization" if organization else "account",
            "OrganizationId": organization, "RecordsFrom": "trail-files", "TrailBucketName": TRAIL_BUCKET,
            "EarlySignals": "on" if settings.get("EARLY_SIGNAL_TARGET") else "off", "SearchArn": DOMAIN,
            "ManagementAccountId": ACCOUNT, "MemberRoleName": settings.get("MEMBER_ROLE_NAME", ""), "VpcId": "",
        }
        # Choices and numbers that a test leaves out are the defaults of both, names are none.
        defaults = with_defaults(ROOT, {})
        self.parameters = {
            name: defaults.get(name, "") if "AllowedValues" in parameter or parameter["Type"] == "Number" else ""
            for name, parameter in TEMPLATE["Parameters"].items()
        } | self.names | chosen

    def bind(self, variables, settings):
        """Takes each name and ARN out of the setting that the template makes of it."""
        for key, made in variables.items():
            if key not in settings:
                continue
            if "Fn::If" in made:
                made = made["Fn::If"][1]
            if "Ref" in made:
                self.names[made["Ref"]] = settings[key]
            elif "Fn::GetAtt" in made:
                self.arns[made["Fn::GetAtt"][0]] = settings[key]

    def holds(self, condition):
        (function, given), = condition.items()
        if function == "Condition":
            return self.holds(TEMPLATE["Conditions"][given])
        if function == "Fn::Equals":
            one, other = (self.text(value) for value in given)
            return one == other
        results = [self.holds(value) for value in given]
        return {"Fn::Not": lambda: not results[0], "Fn::And": lambda: all(results), "Fn::Or": lambda: any(results)}[function]()

    def chosen(self, value):
        """The value with its choices made."""
        while isinstance(value, dict) and "Fn::If" in value:
            condition, yes, no = value["Fn::If"]
            value = yes if self.holds({"Condition": condition}) else no
        return value

    def arn(self, logical):
        """The ARN of a resource that the settings name; nothing matches one that they do not."""
        if logical in self.arns:
            return self.arns[logical]
        name = self.names.get(logical)
        kind = TEMPLATE["Resources"][logical]["Type"]
        if not name:
            return f"unnamed:{logical}"
        return {
            "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name.rsplit('/', 1)[-1]}",
            "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
        }[kind]

    def text(self, value):
        if isinstance(value, str):
            return value
        if "Ref" in value:
            return self.reference(value["Ref"])
        if "Fn::GetAtt" in value:
            return self.arn(value["Fn::GetAtt"][0])
        return re.sub(r"\$\{([^}]+)\}", lambda found: self.reference(found[1]), value["Fn::Sub"])

    def reference(self, name):
        fixed = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
        if name.endswith(".Arn"):
            return self.arn(name.removesuffix(".Arn"))
        if name in fixed:
            return fixed[name]
        return self.names[name] if name in self.names else self.parameters.get(name, f"unnamed:{name}")

    def grants(self, action, resource):
        """The grants that allow `action` on `resource`."""
        for statement in self.policy["Statement"]:
            statement = self.chosen(statement)
            if statement == NO_VALUE or statement["Effect"] != "Allow" or action not in listed(statement["Action"]):
                continue
            for granted in listed(self.chosen(statement["Resource"])):
                granted = self.chosen(granted)
                if granted != NO_VALUE and matches(self.text(granted), resource):
                    yield (statement["Sid"], action, shown(granted))


def matches(pattern, resource):
    """Whether a policy's resource covers an ARN: `*` stands for anything, `?` for one character."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), resource, re.S) is not None


def shown(resource):
    """A resource as the template names it."""
    if isinstance(resource, str):
        return resource
    if "Ref" in resource:
        return resource["Ref"]
    if "Fn::GetAtt" in resource:
        return resource["Fn::GetAtt"][0]
    if "Fn::Sub" in resource:
        return resource["Fn::Sub"].replace("arn:${AWS::Partition}:", "").replace("${AWS::Region}:${AWS::AccountId}:", "")
    return "/".join(sorted({shown(value) for value in listed(next(iter(resource.values())))[1:] if value != NO_VALUE}))


def alternatives(value):
    """Every value that a template may choose."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [found for choice in value["Fn::If"][1:] for found in alternatives(choice)]
    if isinstance(value, list):
        return [found for item in value for found in alternatives(item)]
    return [] if value == NO_VALUE else [value]


def all_grants(policy):
    """Every grant of a policy document, whatever is chosen: the statement, its actions and its resources."""
    for statement in alternatives(policy["Statement"]):
        if statement["Effect"] == "Allow":
            yield statement.get("Sid", ""), listed(statement["Action"]), [shown(found) for found in alternatives(listed(statement["Resource"]))]
