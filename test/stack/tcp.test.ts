import { ModelNetwork, type TcpConnection, type TcpListener } from "ringside/stack";
import { describe, expect, test } from "vitest";

const A = 0x0a000001;
const B = 0x0a000002;

/** A connection from a to b's port 80, through its handshake. */
function connected(network: ModelNetwork): {
  client: TcpConnection;
  server: TcpConnection;
  listener: TcpListener;
} {
  const listener = network.b.listenTcp(80, 16);
  const client = network.a.connectTcp({ address: B, port: 80 });
  expect(network.run(() => listener.acceptable === 1 && client.state === "ESTABLISHED", 60_000)).toBe(true);
  return { client, server: listener.accept()!, listener };
}

/** Bytes that differ with their place. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) * 13) & 255);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function pump(network: ModelNetwork, from: TcpConnection, to: TcpConnection, data: Uint8Array): Uint8Array {
  const got = new Uint8Array(data.length);
  let [written, read] = [0, 0];
  let shut = false;
  const step = (): boolean => {
    written += from.write(data, written);
    if (written === data.length && !shut) {
      shut = true;
      from.shutdown();
    }
    read += to.read(got, read);
    return to.atEnd || from.failure !== null || to.failure !== null;
  };
  network.run(step, 3_600_000);
  expect([from.failure, to.failure]).toEqual([null, null]);
  expect(to.atEnd).toBe(true);
  return got;
}

describe("TCP between two stacks on a model wire", () => {
  test("shakes hands in three segments, and says nothing more unasked", () => {
    const network = new ModelNetwork({ seed: 1 });
    network.a.ping(B, 1, 1, new Uint8Array(8)); // they learn each other's hardware address
    network.run(() => false, 1000);
    const [fromA, fromB] = [network.a.counters.framesOut, network.b.counters.framesOut];
    const { client, server } = connected(network);
    network.run(() => false, 1000);
    expect([client.state, server.state]).toEqual(["ESTABLISHED", "ESTABLISHED"]);
    expect(network.a.counters.framesOut - fromA).toBe(2); // the SYN, and what acknowledges the other SYN
    expect(network.b.counters.framesOut - fromB).toBe(1); // the SYN that acknowledges; a third acknowledgment is a duplicate
    expect(server.remote).toEqual({ address: A, port: client.local.port });
  });

  test("delivers a stream and its end, and waits in TIME-WAIT where it closed first", () => {
    const network = new ModelNetwork({ seed: 2 });
    const { client, server } = connected(network);
    const data = pattern(1_000_000);
    expect(isSame(pump(network, client, server, data), data)).toBe(true);
    network.run(() => client.state === "FIN-WAIT-2", 1000);
    expect([client.state, server.state]).toEqual(["FIN-WAIT-2", "CLOSE-WAIT"]);
    server.close();
    client.close();
    network.run(() => server.state === "CLOSED" && client.state === "TIME-WAIT", 1000);
    expect([client.state, server.state]).toEqual(["TIME-WAIT", "CLOSED"]);
    const from = network.clock.nowMs();
    network.run(() => client.state === "CLOSED");
    const waitedMs = network.clock.nowMs() - from;
    expect([waitedMs > 59_000, waitedMs <= 60_000, waitedMs]).toEqual([true, true, waitedMs]);
    expect(network.a.timers.size).toBe(0);
  });

  for (const sack of [true, false]) {
    test.each([0.01, 0.05, 0.2])(`delivers it through loss %s and other troubles, SACK ${sack}`, (loss) => {
      const network = new ModelNetwork(
        { seed: 3, loss, duplicate: 0.02, reorder: 0.02, corrupt: 0.01 },
        { sack, minRtoMs: 20 },
      );
      const { client, server } = connected(network);
      const data = pattern(400_000);
      expect(isSame(pump(network, client, server, data), data)).toBe(true);
      expect(network.a.counters.retransmitted).toBeGreaterThan(0);
      expect(network.a.counters.fastRecoveries).toBeGreaterThan(0);
    });
  }
});
