"""One page that shows an application: its tree, its sequences, its leaves' histories."""
