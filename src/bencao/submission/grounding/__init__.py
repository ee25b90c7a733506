"""Documents whose every number is bound to a result, in both languages from the same facts."""
