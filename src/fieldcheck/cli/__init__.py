"""The command line: one file for each command, which parses, calls and renders."""

import gc

# Next to nothing that a command makes while it starts is garbage: looking for it takes a tenth of a short command.
gc.set_threshold(50_000)
