"""Read the molecule a user gives: parse, strip counter-ions, refuse what cannot be planned."""
