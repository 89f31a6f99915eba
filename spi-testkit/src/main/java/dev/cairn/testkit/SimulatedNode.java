package dev.cairn.testkit;

/** What a name leads to: a file or a directory. */
interface SimulatedNode {}
