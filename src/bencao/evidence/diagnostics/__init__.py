"""What must be looked at before a result is: balance, overlap, effective size."""
