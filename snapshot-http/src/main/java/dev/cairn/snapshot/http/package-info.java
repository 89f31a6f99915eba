/**
 * etcd's HTTP/JSON gateway to the Maintenance service, with {@code /metrics}, {@code /health},
 * {@code /livez} and {@code /readyz}.
 *
 * <p>A request becomes a call of the service within the process, so whatever guards the service
 * guards this door too. Nothing waits on a thread for a client: a snapshot's next message is asked
 * for when the one before has been taken by the client's connection, so what waits in memory is one
 * message a stream, and a client that does not read stops the stream at its source.
 */
package dev.cairn.snapshot.http;
