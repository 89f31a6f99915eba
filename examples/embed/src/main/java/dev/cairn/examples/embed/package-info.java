/** A store in an application, and its backup. */
package dev.cairn.examples.embed;
