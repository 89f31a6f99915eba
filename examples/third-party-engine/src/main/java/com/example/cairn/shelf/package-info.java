/**
 * An engine that keeps a store as a shelf of immutable sorted files: a commit adds one, a close
 * folds them into the main file again. Small, durable, and made to be read: see README.md.
 */
package com.example.cairn.shelf;
