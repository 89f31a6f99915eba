package dev.cairn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What etcdctl printed, without what differs from server to server. */
final class Printed {
  private static final Set<String> COLUMNS =
      Set.of("VERSION", "DB SIZE", "RAFT INDEX", "RAFT APPLIED INDEX", "TOOK");

  /** Of the simple form of a status, which has no names: version, size and two indexes. */
  private static final Set<Integer> STATUS_PLACES = Set.of(2, 3, 7, 8);

  private Printed() {}

  static String withoutWhatDiffers(String question, String printed, String endpoint) {
    String text =
        printed
            .replace(endpoint, "ENDPOINT")
            .replaceAll("\"(dbSize|dbSizeInUse|raftIndex|raftAppliedIndex)\":\\d+", "\"$1\":N")
            .replaceAll("\"(version|took)\":\"[^\"]*\"", "\"$1\":T")
            .replaceAll("(?m)^\"(DBSize|RaftIndex|RaftAppliedIndex|Version|Took)\" : .*$", "$1 : T")
            .replaceAll("took = \\S+", "took = T");
    if (question.endsWith("-w table")) {
      return table(text);
    }
    return question.equals("endpoint status -w simple") ? places(text) : text;
  }

  private static String places(String line) {
    String[] places = line.split(", ");
    for (int place : STATUS_PLACES) {
      places[place] = "T";
    }
    return String.join(", ", places);
  }

  /** The cells alone: rules and blanks follow the widths of what is left out. */
  private static String table(String text) {
    List<String> names = new ArrayList<>();
    StringBuilder cells = new StringBuilder();
    for (String line : text.lines().filter(each -> each.startsWith("|")).toList()) {
      String[] row = line.substring(1).split("\\|");
      for (int i = 0; i < row.length; i++) {
        String cell = row[i].strip();
        boolean differs = i < names.size() && COLUMNS.contains(names.get(i));
        cells.append(differs ? "T" : cell).append(" | ");
        if (cells.indexOf("\n") < 0) {
          names.add(cell);
        }
      }
      cells.append('\n');
    }
    return cells.toString();
  }
}
