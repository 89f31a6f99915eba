package dev.cairn.cli;

/** A command of etcdctl's that takes one argument, and complains in its words. */
interface OneArgument {
  /** What is said when the argument is missing or not the only one. */
  String complaint();
}
