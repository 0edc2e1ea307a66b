"""What each side says of the other after a contract, and the standing that grows from it."""
