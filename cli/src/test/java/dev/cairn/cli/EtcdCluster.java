package dev.cairn.cli;

import dev.cairn.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real etcds that are one cluster, on data directories that are there, until it is closed. */
final class EtcdCluster implements AutoCloseable {
  /** For etcdctl, which by itself gives up after 2 and 5 seconds. */
  static final List<String> PATIENCE = List.of("--command-timeout=60s", "--dial-timeout=60s");

  private static final long START_MILLIS_MAX = 300_000;

  /** Names and URLs; the cluster that is started closes it. */
  record Plan(List<FreePort> clientPorts, List<FreePort> peerPorts) {
    String name(int member) {
      return "m" + (member + 1);
    }

    String peerUrl(int member) {
      return "http://" + peerPorts.get(member).address();
    }

    String clientUrl(int member) {
      return "http://" + clientPorts.get(member).address();
    }

    String initialCluster() {
      return IntStream.range(0, peerPorts.size())
          .mapToObj(each -> name(each) + "=" + peerUrl(each))
          .collect(Collectors.joining(","));
    }

    void close() {
      clientPorts.forEach(FreePort::close);
      peerPorts.forEach(FreePort::close);
    }
  }

  private final EtcdTools tools;
  private final Plan plan;
  private final List<String> user;
  private final List<Process> processes = new ArrayList<>();

  private EtcdCluster(EtcdTools tools, Plan plan, List<String> user) {
    this.tools = tools;
    this.plan = plan;
    this.user = user;
  }

  static Plan plan(int members) {
    List<FreePort> ports = new ArrayList<>();
    for (int i = 0; i < 2 * members; i++) {
      ports.add(FreePort.hold());
    }
    return new Plan(ports.subList(0, members), ports.subList(members, 2 * members));
  }

  /** Starts them all and waits until each is healthy; {@code user} is how etcdctl signs in. */
  static EtcdCluster start(EtcdTools tools, Plan plan, List<Path> dataDirs, String... user)
      throws IOException {
    EtcdCluster cluster = new EtcdCluster(tools, plan, List.of(user));
    boolean serves = false;
    try {
      for (int i = 0; i < dataDirs.size(); i++) {
        cluster.startMember(i, dataDirs.get(i));
      }
      cluster.awaitHealth();
      serves = true;
      return cluster;
    } finally {
      if (!serves) {
        cluster.close();
      }
    }
  }

  private void startMember(int member, Path dataDir) throws IOException {
    Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
    processes.add(
        new ProcessBuilder(
                tools.etcd().toString(),
                "--name",
                plan.name(member),
                "--data-dir",
                dataDir.toString(),
                "--listen-client-urls",
                plan.clientUrl(member),
                "--advertise-client-urls",
                plan.clientUrl(member),
                "--listen-peer-urls",
                plan.peerUrl(member),
                "--initial-advertise-peer-urls",
                plan.peerUrl(member),
                "--initial-cluster",
                plan.initialCluster())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start());
  }

  private void awaitHealth() throws IOException {
    long start = System.nanoTime();
    for (int i = 0; i < processes.size(); i++) {
      while (health(i).exitCode() != 0) {
        if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX)) {
          throw new IOException(plan.name(i) + " is not healthy: " + health(i).err());
        }
      }
    }
  }

  /**
   * Healthy is who can have a read agreed on, so there is a leader. Since 3.5 {@code endpoint
   * health} minds alarms too, and with these a member may have been restored.
   */
  private EtcdTools.Output health(int member) throws IOException {
    return etcdctl(member, "get", "health");
  }

  private EtcdTools.Output etcdctl(int member, String... words) throws IOException {
    List<String> command = new ArrayList<>(PATIENCE);
    command.addAll(List.of("--endpoints", plan.clientUrl(member)));
    command.addAll(user);
    command.addAll(List.of(words));
    return tools.etcdctl(command.toArray(String[]::new));
  }

  /** What etcdctl prints of one member. */
  String ask(int member, String... words) throws IOException {
    return printed(etcdctl(member, words));
  }

  /** The same without signing in. */
  String askAsNobody(int member, String... words) throws IOException {
    List<String> command = new ArrayList<>(PATIENCE);
    command.addAll(List.of("--endpoints", plan.clientUrl(member)));
    command.addAll(List.of(words));
    return printed(tools.etcdctl(command.toArray(String[]::new)));
  }

  private static String printed(EtcdTools.Output output) throws IOException {
    if (output.exitCode() != 0) {
      throw new IOException("etcdctl: " + output.err().strip());
    }
    return output.out();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    for (Process process : processes) {
      try {
        process.waitFor();
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
    plan.close();
  }
}
