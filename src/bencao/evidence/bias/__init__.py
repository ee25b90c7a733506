"""What an unmeasured confounder, a wrong record or a selection could do to an estimate."""
