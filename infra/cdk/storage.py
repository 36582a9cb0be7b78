"""What must survive everything: the table, the playbooks and the key that signs them."""

from __future__ import annotations

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.cdk.findings import Finding, accept

_NO_BUCKET_LOG = Finding(
    "AwsSolutions-S1",
    "A rig reads its playbook by a URL signed for it alone, and versions show what was written when; lines "
    "of access would cost more than the playbooks.",
)


class StorageStack(Stack):
    """Nothing in it goes away with the stack."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name, analytics_reporting=False)
        self.table = _table(self)
        self.playbooks = _playbooks(self)
        self.signing_key = _signing_key(self)
        CfnOutput(self, "TableName", value=self.table.table_name)
        CfnOutput(self, "PlaybooksBucket", value=self.playbooks.bucket_name)
        CfnOutput(self, "SigningKeyArn", value=self.signing_key.key_arn)


def _table(scope: Construct) -> dynamodb.Table:
    """The shape of `cloud.adapters.aws.dynamo_store.StoredItem`; a test compares the two."""
    return dynamodb.Table(
        scope,
        "Table",
        partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        time_to_live_attribute="expires_at",
        stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        deletion_protection=True,
        removal_policy=RemovalPolicy.RETAIN,
    )


def _playbooks(scope: Construct) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        "Playbooks",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        versioned=True,
        removal_policy=RemovalPolicy.RETAIN,
    )
    accept(bucket, _NO_BUCKET_LOG)
    return bucket


def _signing_key(scope: Construct) -> kms.Key:
    """Ed25519: agents verify it with the small library that they have, and KMS never shows it."""
    return kms.Key(
        scope,
        "SigningKey",
        description="Signs the playbooks of rigs",
        key_spec=kms.KeySpec.ECC_NIST_EDWARDS25519,
        key_usage=kms.KeyUsage.SIGN_VERIFY,
        removal_policy=RemovalPolicy.RETAIN,
    )
