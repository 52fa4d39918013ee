"""The modes of deployment that are tried: parameters beside the defaults, the nested stacks and the settings that they must lead to."""

ORGANIZATION = {"OrganizationId": "o-a1b2c3d4e5", "MemberOrganizationalUnitIds": "r-ab12"}
# What every mode starts from.
STANDARD = ORGANIZATION | {"MemberRoles": "on", "AlertEmail": "team@example.com", "OperationsEmail": "platform@example.com"}
ALONE = {"Scope": "account", "OrganizationId": "", "MemberOrganizationalUnitIds": ""}
BASE = {"Foundation", "Functions", "Watch"}
MEMBERS = {"Members", "OwnRole"}
DOMAIN = {
    "SearchMode": "existing",
    "ExistingSearchEndpoint": "https://search.example.com",
    "ExistingSearchArn": "arn:aws:es:us-east-1:123456789012:domain/search",
}


def mode(parameters, stacks, region="us-east-1", **environment):
    return {"parameters": parameters, "stacks": stacks, "region": region, "environment": environment}


MODES = {
    "organization, from the management account": mode(
        {}, BASE | MEMBERS | {"Trail", "Search"}, ORGANIZATION_ID="o-a1b2c3d4e5", ENABLE_ORG_CONTEXT="true"),
    "organization, no roles in its accounts": mode(
        {"MemberRoles": "off", "MemberOrganizationalUnitIds": ""}, BASE | {"Trail", "Search"}, MEMBER_ROLE_NAME="",
        MEMBER_ROLE_EXTERNAL_ID=""),
    "organization, from a delegated administrator": mode(
        {"DeployedFrom": "delegated-administrator", "ManagementAccountId": "999988887777"}, BASE | MEMBERS | {"Trail", "Search"}),
    "one account": mode(
        ALONE, BASE | MEMBERS | {"Trail", "Search"}, ORGANIZATION_ID="", ENABLE_ORG_CONTEXT="false",
        ENABLE_ACCOUNT_ENRICHMENT="false"),
    "one account, no domain, no roles": mode(
        ALONE | {"SearchMode": "none", "MemberRoles": "off"}, BASE | {"Trail"}, OPENSEARCH_ENDPOINT="", MEMBER_ROLE_NAME="",
        MEMBER_ROLE_EXTERNAL_ID=""),
    "existing trail": mode(
        {"TrailMode": "existing", "ExistingTrailLogGroupName": "trail"}, BASE | MEMBERS | {"Search"}),
    "existing domain": mode(
        DOMAIN, BASE | MEMBERS | {"Trail"}, OPENSEARCH_ENDPOINT="https://search.example.com"),
    "serverless collection": mode(
        {"SearchMode": "collection", "ExistingSearchEndpoint": "abc.us-east-1.aoss.amazonaws.com",
         "ExistingSearchArn": "arn:aws:aoss:us-east-1:123456789012:collection/abc"}, BASE | MEMBERS | {"Trail"}),
    "trail files of a new trail": mode(
        {"RecordsFrom": "trail-files"}, BASE | MEMBERS | {"Trail", "Search"}),
    "trail files of an existing trail": mode(
        {"RecordsFrom": "trail-files", "TrailMode": "existing", "ExistingTrailBucketName": "trail-bucket",
         "ExistingTrailKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1234"}, BASE | MEMBERS | {"Search"}),
    "Lambda invocations recorded, watched records only": mode(
        {"DataEvents": "lambda", "RecordScope": "watched"}, BASE | MEMBERS | {"Trail", "Search"}, RECORD_SCOPE="watched"),
    "in a VPC": mode(
        {"VpcId": "vpc-0123456789abcdef0", "SubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1"},
        BASE | MEMBERS | {"Trail", "Search"}),
    "own key, Slack and Teams": mode(
        {"KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1234",
         "SlackWebhookSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack-AbCdEf",
         "TeamsWebhookSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:teams-AbCdEf",
         "WebhookKeyArn": "arn:aws:kms:us-east-1:123456789012:key/5678"}, BASE | MEMBERS | {"Trail", "Search"},
        SLACK_WEBHOOK_SECRET_ARN="arn:aws:secretsmanager:us-east-1:123456789012:secret:slack-AbCdEf"),
    "no signals, no bus, no e-mail": mode(
        {"EarlySignals": "off", "EventBusName": "", "AlertEmail": "", "OperationsEmail": "", "LogsReservedConcurrency": "20"},
        BASE | MEMBERS | {"Trail", "Search"}, EARLY_SIGNAL_TARGET="", EVENT_BUS_NAME=""),
    "prose from Bedrock": mode(
        {"InsightProvider": "bedrock", "BedrockModelId": "us.example.model-v1:0",
         "BedrockModelArns": "arn:aws:bedrock:*::foundation-model/example.model-v1:0,"
                             "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.example.model-v1:0"},
        BASE | MEMBERS | {"Trail", "Search"}, INSIGHT_PROVIDER="bedrock"),
    "new Amazon Q Business application": mode(
        {"QMode": "new", "InsightProvider": "qbusiness"}, BASE | MEMBERS | {"Trail", "Search", "Insights"}),
    "new Amazon Q Business application with users": mode(
        {"QMode": "new", "IdentityCenterInstanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef"},
        BASE | MEMBERS | {"Trail", "Search", "Insights"}),
    "existing Amazon Q Business application": mode(
        {"QMode": "existing", "QApplicationId": "a" * 36, "QIndexId": "b" * 36}, BASE | MEMBERS | {"Trail", "Search"}, Q_INDEX_ID="b" * 36),
    "arm64": mode({"Architecture": "arm64"}, BASE | MEMBERS | {"Trail", "Search"}),
    "AWS GovCloud (US)": mode({}, BASE | MEMBERS | {"Trail", "Search"}, region="us-gov-west-1"),
    "China": mode({}, BASE | MEMBERS | {"Trail", "Search"}, region="cn-north-1"),
}

# Parameters that must be refused, by how the reason begins.
REFUSED = {
    "OrganizationId: not set": {"OrganizationId": ""},
    "OrganizationId: set, but Scope is account": {"Scope": "account"},
    "DeployedFrom: delegated-administrator, but": ALONE | {"DeployedFrom": "delegated-administrator", "ManagementAccountId": "999988887777"},
    "ManagementAccountId: not set": {"DeployedFrom": "delegated-administrator"},
    "ExistingTrailLogGroupName: not set": {"TrailMode": "existing"},
    "ExistingTrailBucketName: not set": {"TrailMode": "existing", "RecordsFrom": "trail-files"},
    "DataEvents: only a new trail's": {"TrailMode": "existing", "ExistingTrailLogGroupName": "trail", "DataEvents": "lambda"},
    "ExistingSearchEndpoint: not set": {"SearchMode": "existing", "ExistingSearchArn": DOMAIN["ExistingSearchArn"]},
    "ExistingSearchArn: not set": {"SearchMode": "collection", "ExistingSearchEndpoint": DOMAIN["ExistingSearchEndpoint"]},
    "MemberOrganizationalUnitIds: not set": {"MemberOrganizationalUnitIds": ""},
    "BedrockModelId: not set": {"InsightProvider": "bedrock", "BedrockModelArns": "arn:aws:bedrock:us-east-1::foundation-model/m"},
    "BedrockModelArns: not set": {"InsightProvider": "bedrock", "BedrockModelId": "m"},
    "QMode: off, but": {"InsightProvider": "qbusiness"},
    "QApplicationId: not set": {"QMode": "existing", "QIndexId": "b" * 36},
    "QIndexId: not set": {"QMode": "existing", "QApplicationId": "a" * 36},
    "SubnetIds: not set": {"VpcId": "vpc-0123456789abcdef0"},
    "VpcId: not set": {"SubnetIds": "subnet-0123456789abcdef0"},
    "ExistingSearchEndpoint: 'http://search.example.com'": DOMAIN | {"ExistingSearchEndpoint": "http://search.example.com"},
    "AlertEmail: 'nobody'": {"AlertEmail": "nobody"},
    "InstanceCount: '4'": {"InstanceCount": "4"},
    "RetentionDays: 0": {"RetentionDays": "0"},
}
