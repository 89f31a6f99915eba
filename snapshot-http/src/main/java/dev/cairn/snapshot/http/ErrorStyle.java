package dev.cairn.snapshot.http;

/** Which etcd's errors the gateway shows; the answers are the same. */
public enum ErrorStyle {
  /** As etcd 3.4 and 3.5 tell of errors. */
  ETCD_3_4,
  /** As etcd 3.6 does. */
  ETCD_3_6
}
