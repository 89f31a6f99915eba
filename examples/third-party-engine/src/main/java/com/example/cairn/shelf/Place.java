package com.example.cairn.shelf;

/**
 * Where the entries of a bucket lie.
 *
 * @param number of the file, 0 for the main one
 * @param offsetBytes where in it
 * @param sizeBytes how long
 * @param count how many entries
 * @param sum CRC32C of those bytes
 */
record Place(long number, long offsetBytes, long sizeBytes, long count, int sum) {
  Place in(long otherNumber, long otherOffsetBytes) {
    return new Place(otherNumber, otherOffsetBytes, sizeBytes, count, sum);
  }
}
