package dev.cairn.snapshot;

import java.util.HexFormat;

/**
 * An image that went through whole, with the hash that was made of its bytes on the way.
 *
 * @param imageBytes how long the image is, its hash not counted
 * @param sha256Hex SHA-256 of the image, 64 lower-case hex digits
 */
public record Received(long imageBytes, String sha256Hex) {
  static Received of(long imageBytes, byte[] hash) {
    return new Received(imageBytes, HexFormat.of().formatHex(hash));
  }

  byte[] hash() {
    return HexFormat.of().parseHex(sha256Hex);
  }
}
