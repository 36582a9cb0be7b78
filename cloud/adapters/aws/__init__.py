"""AWS: DynamoDB."""
