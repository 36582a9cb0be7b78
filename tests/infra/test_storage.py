"""What must survive does, and the table is the one that the store's adapter knows."""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import Attribute, BinaryAttribute, NumberAttribute, UnicodeAttribute

from cloud.adapters.aws.dynamo_store import StoredItem, table_model
from tests.infra.synthesis import Deployment

KINDS = {UnicodeAttribute: "S", NumberAttribute: "N", BinaryAttribute: "B"}
EXPIRY = StoredItem.expires_at


def _key(attribute: Attribute[Any], key_type: str) -> dict[str, str]:
    return {"AttributeName": str(attribute.attr_name), "KeyType": key_type}


def test_keys_are_those_of_the_adapter(deployment: Deployment) -> None:
    table = deployment.the("AWS::DynamoDB::Table").properties
    attributes = StoredItem.get_attributes().values()
    (hash_key,) = (attribute for attribute in attributes if attribute.is_hash_key)
    (range_key,) = (attribute for attribute in attributes if attribute.is_range_key)
    assert table["KeySchema"] == [_key(hash_key, "HASH"), _key(range_key, "RANGE")]
    assert table["AttributeDefinitions"] == [
        {"AttributeName": attribute.attr_name, "AttributeType": KINDS[type(attribute)]}
        for attribute in (hash_key, range_key)
    ]
    assert "GlobalSecondaryIndexes" not in table
    assert not StoredItem._indexes


def test_expiry_is_the_attribute_that_the_adapter_writes(deployment: Deployment) -> None:
    table = deployment.the("AWS::DynamoDB::Table").properties
    assert table["TimeToLiveSpecification"] == {"AttributeName": EXPIRY.attr_name, "Enabled": True}
    assert KINDS[type(EXPIRY)] == "N"


def test_stream_shows_what_was_and_what_is(deployment: Deployment) -> None:
    table = deployment.the("AWS::DynamoDB::Table").properties
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_billing_is_by_use_in_both(deployment: Deployment) -> None:
    billing = deployment.the("AWS::DynamoDB::Table").properties["BillingMode"]
    assert billing == table_model("any", "eu-central-1").Meta.billing_mode == "PAY_PER_REQUEST"


def test_table_cannot_be_lost_by_mistake(deployment: Deployment) -> None:
    table = deployment.the("AWS::DynamoDB::Table")
    assert table.properties["DeletionProtectionEnabled"] is True
    assert table.properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_everything_of_the_stack_is_retained(deployment: Deployment) -> None:
    kept = {
        resource.kind: resource.removal
        for resource in deployment.resources(stack="Data")
        if resource.kind != "AWS::S3::BucketPolicy"
    }
    retained = ("Retain", "Retain")
    assert kept == {
        "AWS::DynamoDB::Table": retained,
        "AWS::S3::Bucket": retained,
        "AWS::KMS::Key": retained,
    }


def test_playbooks_are_private_versioned_and_encrypted(deployment: Deployment) -> None:
    bucket = deployment.the("AWS::S3::Bucket", "Data").properties
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}


def test_buckets_refuse_plain_http(deployment: Deployment) -> None:
    for stack in ("Data", "Site"):
        statements = deployment.the("AWS::S3::BucketPolicy", stack).properties["PolicyDocument"]["Statement"]
        refusals = [found for found in statements if found["Effect"] == "Deny"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in [found["Condition"] for found in refusals]


def test_signing_key_is_ed25519_and_signs_only(deployment: Deployment) -> None:
    key = deployment.the("AWS::KMS::Key").properties
    assert key["KeySpec"] == "ECC_NIST_EDWARDS25519"
    assert key["KeyUsage"] == "SIGN_VERIFY"
