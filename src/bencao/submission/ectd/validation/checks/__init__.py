"""The checks, each under the numbers of the rules that it judges."""
