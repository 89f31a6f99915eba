package dev.cairn.cli;

import dev.cairn.snapshot.grpc.SnapshotFormat;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code etcd} or {@code native}. */
final class SnapshotFormats implements ITypeConverter<SnapshotFormat> {
  @Override
  public SnapshotFormat convert(String text) {
    for (SnapshotFormat format : SnapshotFormat.values()) {
      if (format.text().equals(text)) {
        return format;
      }
    }
    throw new TypeConversionException(
        "no snapshot format \"" + text + "\"; there are etcd, native");
  }

  /** The names, for help and completion. */
  static final class Names extends java.util.ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() {
      super(List.of("etcd", "native"));
    }
  }
}
