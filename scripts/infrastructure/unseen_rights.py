"""Rights that are granted and that no function asks for itself, each with the page of AWS's documentation that asks for it.

By role, then by action and resource as the templates name them.
"""

LAMBDA, SQS = "AWS Lambda Developer Guide", "Amazon SQS Developer Guide"
OPENSEARCH = "Amazon OpenSearch Service Developer Guide"
WRITES_LOG = f"{LAMBDA}, Defining Lambda function permissions with an execution role: Lambda writes a function's log as its role"
READS_SETTINGS = f"{LAMBDA}, Securing Lambda environment variables: Lambda decrypts them as the function's role"
KEEPS_FAILED = f"{LAMBDA}, Capturing records of Lambda asynchronous invocations: Lambda sends what failed as the function's role"
POLLS = f"{LAMBDA}, Creating and configuring an Amazon SQS event source mapping: Lambda takes messages as the function's role"
ATTACHES = f"{LAMBDA}, Giving Lambda functions access to resources in an Amazon VPC: Lambda makes interfaces as the function's role"
KEYS_OF_SERVICES = (
    "Amazon DynamoDB Developer Guide, DynamoDB encryption at rest: usage notes; Amazon S3 User Guide, Using server-side encryption with AWS "
    f"KMS keys; {SQS}, Key management; Amazon SNS Developer Guide, Managing Amazon SNS encryption keys: the service uses the key as the caller"
)
SERVERLESS = f"{OPENSEARCH}, Identity and Access Management for Amazon OpenSearch Serverless: data requests need it beside the access policy"


def execution(log_group, *, failed=None, services=True):
    """What Lambda itself does as a function's role."""
    rights = {
        ("logs:CreateLogStream", log_group): WRITES_LOG,
        ("logs:PutLogEvents", log_group): WRITES_LOG,
        # Once through the services, once for the settings; the statements differ by their conditions.
        ("kms:Decrypt", "KeyArn"): f"{READS_SETTINGS}; {KEYS_OF_SERVICES}",
        ("aoss:APIAccessAll", "SearchArn"): SERVERLESS,
    }
    if services:
        rights["kms:GenerateDataKey", "KeyArn"] = KEYS_OF_SERVICES
    if failed:
        rights[failed] = KEEPS_FAILED
    return rights


UNSEEN = {
    "MultiAccountLogs": execution("LogsLogGroup", failed=("s3:ListBucket", "DeadLetterBucket")) | {
        # The function puts long dead letters there, too; the stand-in takes every upload for a copy and refuses it.
        ("s3:PutObject", "${DeadLetterBucket.Arn}/*"): KEEPS_FAILED,
        ("sqs:DeleteMessage", "TrailFiles"): POLLS,
        ("sqs:GetQueueAttributes", "TrailFiles"): POLLS,
        ("sqs:ReceiveMessage", "TrailFiles"): POLLS,
        ("kms:Decrypt", "TrailKeyArn"): "AWS CloudTrail User Guide, Encrypting CloudTrail log files with AWS KMS keys: readers need to decrypt",
    },
    "CrossAccountAnomalyProcessor": execution("ProcessorLogGroup", failed=("sqs:SendMessage", "FailedEvents")) | {
        ("iam:PassRole", "ChannelRole"): f"{OPENSEARCH}, Configuring alerts in Amazon OpenSearch Service: whoever names a role for a "
                                         "notification channel must be allowed to pass it",
    },
    "QBusinessConnector": execution("ConnectorLogGroup", failed=("sqs:SendMessage", "FailedEvents")),
    "NetworkPolicy": {
        (f"ec2:{action}", "*"): ATTACHES
        for action in ("AssignPrivateIpAddresses", "CreateNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces",
                       "DescribeSubnets", "UnassignPrivateIpAddresses")
    },
    "ChannelRole": {
        ("sns:Publish", "AlertTopic"): f"{OPENSEARCH}, Configuring alerts in Amazon OpenSearch Service: the domain publishes as this role",
        ("kms:Decrypt", "KeyArn"): "Amazon SNS Developer Guide, Managing Amazon SNS encryption keys: publishers use the topic's key",
        ("kms:GenerateDataKey", "KeyArn"): "Amazon SNS Developer Guide, Managing Amazon SNS encryption keys: publishers use the topic's key",
    },
    "DeliveryRole": {
        (action, f"logs:log-group:${{LogGroup}}:log-stream:{stream}"):
            "AWS CloudTrail User Guide, Role policy document for CloudTrail to use CloudWatch Logs for monitoring: CloudTrail writes as this role"
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
        for stream in ("${AWS::AccountId}_CloudTrail_${AWS::Region}*", "${TrailAccountId}_CloudTrail_${AWS::Region}*", "${OrganizationId}_*")
    },
    "WebExperienceRole": {
        (f"qbusiness:{action}", resource):
            "Amazon Q Business User Guide, IAM role for an Amazon Q Business web experience: signed-in users act as this role"
        for action in ("Chat", "ChatSync", "DeleteConversation", "GetWebExperience", "ListConversations", "ListMessages", "ListPlugins",
                       "PutFeedback")
        for resource in ("Application", "${Application.ApplicationArn}/*")
    } | {
        ("kms:Decrypt", "KeyArn"): "Amazon Q Business User Guide, IAM role for an Amazon Q Business web experience: its contents are encrypted",
    },
}

# Rights that come with a setting only, for what this version of the programs does not do yet: by function, what the setting is for. They
# go as soon as a function asks for them, or with the setting.
AHEAD = {
    "CrossAccountAnomalyProcessor": {
        ("secretsmanager:GetSecretValue", "SlackWebhookSecretArn"): "SlackWebhookSecretArn: notices in Slack",
        ("secretsmanager:GetSecretValue", "TeamsWebhookSecretArn"): "TeamsWebhookSecretArn: notices in Teams",
        ("kms:Decrypt", "WebhookKeyArn"): "WebhookKeyArn: decrypts those secrets",
        ("sts:AssumeRole", "iam::*:role/${MemberRoleName}"): "MemberRoles=on: causes out of the accounts' own APIs",
        ("sts:AssumeRole", "iam::${AWS::AccountId}:role/${MemberRoleName}"): "MemberRoles=on: causes out of the account's own APIs",
    },
    "QBusinessConnector": {
        ("qbusiness:ChatSync", "qbusiness:application/${QApplicationId}"): "InsightProvider=qbusiness: answers to questions",
        ("bedrock:InvokeModel", "BedrockModelArns"): "InsightProvider=bedrock: prose by a model",
    },
    "MemberRole": {
        (action, "*"): "MemberRoles=on: causes out of the accounts' own APIs"
        for action in (
            "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities", "backup:ListBackupJobs",
            "cloudformation:DescribeStacks", "cloudtrail:LookupEvents", "cloudwatch:GetMetricData", "dlm:GetLifecyclePolicies",
            "ec2:DescribeFleets", "ec2:DescribeInstances", "ec2:DescribeSpotFleetRequests", "ec2:DescribeVolumes",
            "lambda:GetFunctionConcurrency", "lambda:ListEventSourceMappings", "servicequotas:GetServiceQuota",
            "servicequotas:ListServiceQuotas")
    },
}
