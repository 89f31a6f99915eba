package dev.cairn.testkit;

/** Part of the contract suite: tests over the bench of the running one. */
interface ContractCase {
  Bench bench();
}
