package dev.cairn.etcd;

import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The etcd that a restored data directory is for. In the order of the versions. */
public enum TargetVersion {
  /** Keeps the cluster's members in the v2 document; the database has no term. */
  V3_4("3.4"),
  /** Keeps a term in the database, and configurations in the log's notes of snapshots. */
  V3_5("3.5"),
  /** Keeps the members and a version of the schema in the database. */
  V3_6("3.6");

  private final String text;

  TargetVersion(String text) {
    this.text = text;
  }

  /**
   * The version as it is written.
   *
   * @return such as {@code 3.4}
   */
  public String text() {
    return text;
  }

  /**
   * Finds a version.
   *
   * @param text such as {@code 3.4}
   * @return the version
   * @throws StorageException {@code unsupported}, naming those that there are
   */
  public static TargetVersion named(String text) {
    return Arrays.stream(values())
        .filter(each -> each.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                StorageException.of(
                    Code.UNSUPPORTED,
                    "no target version \"%s\"; there are %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(TargetVersion::text)
                                .collect(Collectors.joining(", ")))));
  }

  /**
   * The etcd that wrote a content, as far as its schema tells.
   *
   * @param view left open
   * @return the newest whose mark is there
   * @throws StorageException as the view's calls
   */
  public static TargetVersion of(ReadView view) {
    if (EtcdView.storageVersion(view).isPresent()) {
      return V3_6;
    }
    return EtcdView.term(view) > 0 ? V3_5 : V3_4;
  }

  /** Whether the database has a term and a configuration, and the log's notes a configuration. */
  boolean keepsTerm() {
    return this != V3_4;
  }
}
