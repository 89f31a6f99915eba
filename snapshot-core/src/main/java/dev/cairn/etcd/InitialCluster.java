package dev.cairn.etcd;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The members that a cluster begins with, by name.
 *
 * @param members the URLs of each
 */
record InitialCluster(Map<String, PeerUrls> members) {
  /** Reads {@code name=url,name=url}; a name may come again, and empty pieces are passed over. */
  static InitialCluster parse(String text) {
    Map<String, List<String>> texts = new TreeMap<>();
    for (String piece : text.split(",")) {
      if (!piece.isEmpty()) {
        int equals = piece.indexOf('=');
        String name = equals < 0 ? piece : piece.substring(0, equals);
        String url = equals < 0 ? "" : piece.substring(equals + 1);
        texts.computeIfAbsent(name, key -> new ArrayList<>()).add(url);
      }
    }
    Map<String, PeerUrls> members = new TreeMap<>();
    texts.forEach((name, urls) -> members.put(name, PeerUrls.parse(urls)));
    return new InitialCluster(members);
  }

  boolean hasUrlTwice() {
    Set<String> seen = new HashSet<>();
    return !members.values().stream().flatMap(each -> each.texts().stream()).allMatch(seen::add);
  }

  @Override
  public String toString() {
    return members.entrySet().stream()
        .flatMap(each -> each.getValue().texts().stream().map(url -> each.getKey() + "=" + url))
        .sorted()
        .collect(Collectors.joining(","));
  }
}
