package dev.cairn.etcd;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** From the name of a host to its address. */
@FunctionalInterface
interface HostLookup {
  /** As the machine resolves names, within the time that it is set up to take for that. */
  HostLookup SYSTEM = host -> InetAddress.getByName(host).getHostAddress();

  /**
   * Looks a name up.
   *
   * @param host a name, no address
   * @return its address
   * @throws UnknownHostException when it has none
   */
  String addressOf(String host) throws UnknownHostException;
}
