"""What an estimator is given: one row a person, whole."""
