package dev.cairn.etcd;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The peer URLs of a member, sorted as text.
 *
 * @param urls at least one
 */
record PeerUrls(List<PeerUrl> urls) {
  private static final Comparator<PeerUrl> AS_TEXT = Comparator.comparing(PeerUrl::toString);
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");

  static PeerUrls parse(List<String> texts) {
    return of(texts.stream().map(PeerUrl::parse));
  }

  private static PeerUrls of(Stream<PeerUrl> urls) {
    return new PeerUrls(urls.sorted(AS_TEXT).toList());
  }

  List<String> texts() {
    return urls.stream().map(PeerUrl::toString).toList();
  }

  String joined() {
    return String.join(",", texts());
  }

  /** The URLs that the other list lacks. */
  List<String> without(PeerUrls others) {
    TreeSet<String> rest = new TreeSet<>(texts());
    others.texts().forEach(rest::remove);
    return List.copyOf(rest);
  }

  /** {@code name=url} for each. */
  static String pairs(String name, List<String> urls) {
    return urls.stream().map(url -> name + "=" + url).collect(Collectors.joining(","));
  }

  /** Why these are not the same as others, be it as text or as addresses; empty when they are. */
  Optional<String> differenceFrom(PeerUrls others, HostLookup lookup) {
    if (urls.size() != others.urls.size()) {
      return Optional.of(
          "len(%s) != len(%s)".formatted(GoText.quoted(texts()), GoText.quoted(others.texts())));
    }
    if (equals(others)) {
      return Optional.empty();
    }
    try {
      return resolved(lookup).firstDifference(others.resolved(lookup));
    } catch (UnknownHostException e) {
      return Optional.of(e.getMessage());
    }
  }

  private Optional<String> firstDifference(PeerUrls others) {
    for (int i = 0; i < urls.size(); i++) {
      String here = urls.get(i).toString();
      String there = others.urls.get(i).toString();
      if (!here.equals(there)) {
        return Optional.of(
            "resolved urls: %s != %s".formatted(GoText.quoted(here), GoText.quoted(there)));
      }
    }
    return Optional.empty();
  }

  private PeerUrls resolved(HostLookup lookup) throws UnknownHostException {
    List<PeerUrl> resolved = new ArrayList<>();
    for (PeerUrl url : urls) {
      resolved.add(isName(url) ? url.withHost(address(url, lookup)) : url);
    }
    return of(resolved.stream());
  }

  private static String address(PeerUrl url, HostLookup lookup) throws UnknownHostException {
    try {
      String address = lookup.addressOf(url.host());
      return address.contains(":") ? "[" + address + "]" : address;
    } catch (UnknownHostException e) {
      throw new UnknownHostException(
          "failed to resolve %s (%s)".formatted(GoText.quoted(url.toString()), e.getMessage()));
    }
  }

  private static boolean isName(PeerUrl url) {
    boolean socket = url.scheme().startsWith("unix");
    return !socket && !url.host().equals("localhost") && !ADDRESS.matcher(url.host()).matches();
  }
}
