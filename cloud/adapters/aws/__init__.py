"""What AWS provides; so far the store, DynamoDB."""
