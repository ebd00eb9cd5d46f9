// TCP's rules one by one, between two of our stacks, and with segments that we forge.
import { buildFrame, describeFrame, TCP_FLAG } from "ringside/packet";
import { type Connection, ModelNetwork, STACK_EVENT } from "ringside/stack";
import { describe, expect, test } from "vitest";
import { forge, MACS, pair, sendSegments, textBytesOf, wait } from "./pair.js";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const readAll = (connection: Connection): string => {
  const into = new Uint8Array(100_000);
  return new TextDecoder().decode(into.subarray(0, connection.read(into)));
};

describe("opening", () => {
  test("a port where nobody listens refuses", () => {
    const network = new ModelNetwork({ seed: 1 });
    const client = network.a.connectTcp({ address: network.b.address, port: 81 });
    network.run(() => client.failure !== null);
    expect([client.failure, client.state]).toEqual(["ECONNREFUSED", "CLOSED"]);
  });

  test("a host that is not there is unreachable after three questions", () => {
    const network = new ModelNetwork({ seed: 1 });
    const client = network.a.connectTcp({ address: network.b.address + 7, port: 80 });
    network.run(() => client.failure !== null);
    expect(client.failure).toBe("EHOSTUNREACH");
    expect(network.clock.nowMs()).toBe(3000);
  });

  test("a SYN that is never answered is sent again, each time after twice as long, and then times out", () => {
    const network = new ModelNetwork({ seed: 1 }, { synRetries: 3 });
    network.a.ping(network.b.address, 1, 1, text("hello"));
    network.run(() => network.wire.nextMs() === Infinity);
    const sentMs: number[] = [];
    network.wire.onSend = () => {
      sentMs.push(network.clock.nowMs());
      return true;
    };
    const client = network.a.connectTcp({ address: network.b.address, port: 80 });
    network.run(() => client.failure !== null);
    expect(client.failure).toBe("ETIMEDOUT");
    expect(sentMs.map((ms) => Math.round(ms - sentMs[0]!))).toEqual([0, 1000, 3000, 7000]);
  });

  test("two that call each other at once make one connection", () => {
    const network = new ModelNetwork({ seed: 1, delayMs: 1 });
    network.a.ping(network.b.address, 1, 1, text("hello"));
    network.run(() => network.wire.nextMs() === Infinity);
    const a = network.a.connectTcp({ address: network.b.address, port: 5002 }, { localPort: 5001 });
    const b = network.b.connectTcp({ address: network.a.address, port: 5001 }, { localPort: 5002 });
    network.run(() => a.state === "ESTABLISHED" && b.state === "ESTABLISHED");
    a.write(text("from a"));
    b.write(text("from b"));
    network.run(() => a.readable > 0 && b.readable > 0);
    expect([readAll(a), readAll(b)]).toEqual(["from b", "from a"]);
  });

  test("takes a port or an address pair only once", () => {
    const { network, client } = pair();
    expect(() => network.b.listenTcp(80, 1)).toThrow("EADDRINUSE");
    const to = { address: network.b.address, port: 80 };
    expect(() => network.a.connectTcp(to, { localPort: client.local.port })).toThrow("EADDRINUSE");
    expect(() => network.a.connectTcp({ address: 0x08080808, port: 80 })).toThrow("ENETUNREACH");
  });

  test("a flood of SYNs takes up the backlog and no more, and is over when it stops", () => {
    const network = new ModelNetwork({ seed: 1 }, { synRetries: 1 });
    const listener = network.b.listenTcp(80, 4);
    for (let source = 0; source < 1000; source++) {
      const frame = buildFrame({
        ethernet: { source: MACS.a, destination: MACS.b },
        ipv4: { source: `10.0.0.${100 + (source % 100)}`, destination: "10.0.0.2" },
        tcp: { sourcePort: 1000 + source, destinationPort: 80, flags: TCP_FLAG.syn, sequence: source },
      });
      network.b.ethernet.input(frame, 0, frame.length);
    }
    expect([listener.halfOpenCount, network.b.tcp.table.size]).toEqual([4, 4]);
    expect(network.b.counters.drops.tcpSynBacklog).toBe(996);
    wait(network, 20_000);
    expect([listener.halfOpenCount, network.b.tcp.table.size]).toEqual([0, 0]);
    const client = network.a.connectTcp({ address: network.b.address, port: 80 });
    expect(network.run(() => client.state === "ESTABLISHED")).toBe(true);
  });

  test("a listener that is closed takes with it what is half open", () => {
    const network = new ModelNetwork({ seed: 1 });
    const listener = network.b.listenTcp(80, 4);
    for (let source = 0; source < 3; source++) {
      const frame = buildFrame({
        ethernet: { source: MACS.a, destination: MACS.b },
        ipv4: { source: `10.0.0.${100 + source}`, destination: "10.0.0.2" },
        tcp: { sourcePort: 1000, destinationPort: 80, flags: TCP_FLAG.syn, sequence: source },
      });
      network.b.ethernet.input(frame, 0, frame.length);
    }
    expect([listener.halfOpenCount, network.b.tcp.table.size]).toEqual([3, 3]);
    listener.close();
    expect([listener.halfOpenCount, network.b.tcp.table.size]).toEqual([0, 0]);
  });

  test("five hundred connections are told apart, and each is forgotten by itself", () => {
    const count = 500;
    const network = new ModelNetwork({ seed: 3 });
    const listener = network.b.listenTcp(80, count);
    const to = { address: network.b.address, port: 80 };
    const clients = Array.from({ length: count }, () => network.a.connectTcp(to));
    expect(network.run(() => listener.acceptable === count)).toBe(true);
    const { table } = network.b.tcp;
    const found = (): number =>
      clients.filter(({ local }) => table.find(80, local.address | 0, local.port)?.remotePort === local.port)
        .length;
    expect([table.size, table.list().length, found()]).toEqual([count, count, count]);
    expect([table.usesPort(80), table.usesPort(81)]).toEqual([true, false]);
    clients.forEach((client, index) => {
      if (index % 2 === 0) client.abort();
    });
    expect(network.run(() => table.size === count / 2)).toBe(true);
    expect([table.list().length, found()]).toEqual([count / 2, count / 2]);
  });

  test("what a connection kept of its segments serves the next one, as good as new", () => {
    const network = new ModelNetwork({ seed: 3, delayMs: 1 });
    const listener = network.b.listenTcp(80, 1);
    const lists = [1, 2].map((size) => {
      const client = network.a.connectTcp({ address: network.b.address, port: 80 });
      network.run(() => listener.acceptable === 1);
      const server = listener.accept()!;
      const { sent } = network.b.tcp.table.list()[0]!.rack;
      expect(sent.size).toBe(0);
      for (let write = 0; write < size; write++) server.write(new Uint8Array(1460));
      expect(sent.size).toBe(size);
      network.run(() => server.unacknowledged === 0);
      server.write(new Uint8Array(10)); // still on its way when the end comes
      client.abort();
      network.run(() => server.state === "CLOSED");
      return sent;
    });
    expect(lists[1]).toBe(lists[0]);
  });

  test("connections that nobody accepts fill the queue; later ones wait for room", () => {
    const network = new ModelNetwork({ seed: 1 });
    const listener = network.b.listenTcp(80, 2);
    const clients = [1, 2, 3].map(() => network.a.connectTcp({ address: network.b.address, port: 80 }));
    wait(network, 500);
    expect(listener.acceptable).toBe(2);
    expect(listener.accept()).not.toBeNull();
    expect(network.run(() => listener.acceptable === 2, 60_000)).toBe(true);
    expect(clients.every(({ state }) => state === "ESTABLISHED")).toBe(true);
  });
});

describe("closing", () => {
  test("one half may end while the other goes on", () => {
    const { network, client, server } = pair();
    client.write(text("question"));
    client.shutdown();
    network.run(() => server.readable > 0);
    expect(readAll(server)).toBe("question");
    network.run(() => server.state === "CLOSE-WAIT");
    expect([server.atEnd, client.writable]).toEqual([true, 0]);
    server.write(text("a long answer"));
    network.run(() => client.readable > 0);
    expect(readAll(client)).toBe("a long answer");
    expect([client.state, client.atEnd]).toEqual(["FIN-WAIT-2", false]);
  });

  test("both at once go through CLOSING to TIME-WAIT", () => {
    const { network, client, server } = pair();
    wait(network, 100);
    const seen: string[] = [];
    network.a.tcp.onState = ({ state }) => seen.push(state);
    client.shutdown();
    server.shutdown();
    network.run(() => client.state === "TIME-WAIT" && server.state === "TIME-WAIT");
    expect(seen).toEqual(["FIN-WAIT-1", "CLOSING", "TIME-WAIT"]);
  });

  test("unread bytes at a close become a RST", () => {
    const { network, client, server } = pair();
    client.write(text("nobody reads this"));
    network.run(() => server.readable > 0);
    server.close();
    network.run(() => client.failure !== null);
    expect([client.failure, server.state]).toEqual(["ECONNRESET", "CLOSED"]);
  });

  test("bytes that come after a close become a RST, too", () => {
    const { network, client, server } = pair();
    server.close();
    network.run(() => client.state === "CLOSE-WAIT");
    client.write(text("too late"));
    network.run(() => client.failure !== null);
    expect(client.failure).toBe("ECONNRESET");
    expect(network.b.tcp.table.size).toBe(0);
  });

  test("an abort is a RST at once", () => {
    const { network, client, server } = pair();
    client.abort();
    network.run(() => server.failure !== null);
    expect([client.state, server.failure]).toEqual(["CLOSED", "ECONNRESET"]);
  });

  test("an orphan whose peer never closes is forgotten after a minute", () => {
    const { network, client, server } = pair();
    client.close();
    network.run(() => client.state === "FIN-WAIT-2");
    wait(network, 59_000);
    expect(client.state).toBe("FIN-WAIT-2");
    wait(network, 2000);
    expect([client.state, server.state]).toEqual(["CLOSED", "CLOSE-WAIT"]);
  });

  test("a new SYN may end TIME-WAIT", () => {
    const { network, client, server, listener } = pair();
    const { port } = client.local;
    server.shutdown();
    network.run(() => client.state === "CLOSE-WAIT");
    client.shutdown();
    network.run(() => server.state === "TIME-WAIT" && client.state === "CLOSED");
    const again = network.a.connectTcp({ address: network.b.address, port: 80 }, { localPort: port });
    expect(network.run(() => again.state === "ESTABLISHED" && listener.acceptable === 1, 5000)).toBe(true);
    expect([server.state, listener.acceptable]).toEqual(["CLOSED", 1]);
  });
});

describe("windows", () => {
  test("who reads at once offers the same window each time; below half of it free, its edge moves by segments", () => {
    const { network, client, server } = pair({ receiveBufferBytes: 32_768 });
    const windowAfter = (bytes: number, readBytes: number): number => {
      client.write(new Uint8Array(bytes));
      wait(network, 1000);
      server.read(new Uint8Array(readBytes));
      server.write(text("!"));
      network.run(() => client.readable > 0);
      readAll(client);
      return client.info().sendWindowBytes;
    };
    expect([100, 300, 1000].map((bytes) => windowAfter(bytes, bytes))).toEqual([32_768, 32_768, 32_768]);
    expect(windowAfter(20_480, 500)).toBe(12_288);
    expect(windowAfter(0, 3000)).toBe(15_788);
  });

  test("a shut window is probed until it opens, however long that takes", () => {
    const { network, client, server } = pair({ receiveBufferBytes: 4096 });
    const sent = text("x".repeat(10_000));
    const written = client.write(sent);
    wait(network, 3_600_000);
    expect([written, server.readable, client.failure]).toEqual([10_000, 4096, null]);
    expect(client.info().sendWindowBytes).toBe(0);
    let read = readAll(server);
    network.run(() => {
      read += readAll(server);
      return read.length === 10_000;
    });
    expect(read).toBe("x".repeat(10_000));
  });

  test("a peer that is gone while its window is shut times out", () => {
    const { network, client } = pair({ receiveBufferBytes: 4096, retries: 4 });
    client.write(text("x".repeat(10_000)));
    wait(network, 1000);
    network.wire.onSend = () => true;
    network.run(() => client.failure !== null, 24 * 3_600_000);
    expect(client.failure).toBe("ETIMEDOUT");
  });

  test("windows above 64 KiB are scaled", () => {
    const { network, client, server } = pair({ receiveBufferBytes: 1 << 20, sendBufferBytes: 1 << 20 });
    client.write(new Uint8Array(1 << 20));
    network.run(() => server.readable > 500_000);
    expect(server.readable).toBeGreaterThan(500_000);
    expect(client.info().sendWindowBytes).toBeGreaterThan(0);
  });

  test("small writes wait for company, unless told not to", () => {
    const { network, client } = pair();
    wait(network, 100);
    const sizes: number[] = [];
    network.wire.onSend = (frame, from) => {
      if (from === "a" && frame.length > 60) sizes.push(frame.length - 54);
      return undefined;
    };
    for (let i = 0; i < 5; i++) client.write(new Uint8Array(100));
    wait(network, 200);
    expect(sizes).toEqual([100, 400]);
    client.noDelay = true;
    for (let i = 0; i < 3; i++) client.write(new Uint8Array(100));
    wait(network, 200);
    expect(sizes).toEqual([100, 400, 100, 100, 100]);
  });

  test("a lonely segment is acknowledged late, a second one at once", () => {
    const { network, client } = pair();
    wait(network, 100);
    const acksMs: number[] = [];
    const startMs = network.clock.nowMs();
    network.wire.onSend = (_frame, from) => {
      if (from === "b") acksMs.push(network.clock.nowMs() - startMs);
      return undefined;
    };
    client.noDelay = true;
    client.write(text("one"));
    wait(network, 500);
    expect(acksMs.map(Math.round)).toEqual([41]);
    client.write(text("two"));
    client.write(text("three"));
    wait(network, 500);
    expect(acksMs.length).toBe(2);
    expect(Math.round(acksMs[1]!)).toBe(501);
  });
});

/** Loses frames of a's with text, by their number since now, the first being 1. @returns How many such frames there were. */
function lose({ wire }: ModelNetwork, numbers: readonly number[]): () => number {
  let seen = 0;
  wire.onSend = (frame, from) => from === "a" && textBytesOf(frame) > 0 && numbers.includes(++seen);
  return () => seen;
}

describe("loss", () => {
  const rto = { minRtoMs: 1000 };

  test("a segment and its copy are lost, and what comes behind them tells, without a timeout", () => {
    const both = pair(rto);
    sendSegments(both, 40);
    lose(both.network, [3, 9]); // 3 is the segment; of those behind it 4 to 8 go before its copy does
    const tookMs = sendSegments(both, 40);
    const { timeouts, retransmitted, fastRecoveries } = both.network.a.counters;
    expect({ timeouts, fastRecoveries }).toEqual({ timeouts: 0, fastRecoveries: 1 });
    expect(retransmitted).toBeGreaterThanOrEqual(2);
    expect(tookMs).toBeLessThan(100);
  });

  test("the last segments are lost, and a probe tells, without a timeout", () => {
    const both = pair(rto);
    sendSegments(both, 10);
    lose(both.network, [9, 10]);
    const tookMs = sendSegments(both, 10);
    expect(both.network.a.counters).toMatchObject({ timeouts: 0, retransmitted: 2 });
    expect(tookMs).toBeLessThan(100);
  });

  test("without SACK the last segments wait for the timeout", () => {
    const both = pair({ ...rto, sack: false });
    sendSegments(both, 10);
    lose(both.network, [9, 10]);
    expect(sendSegments(both, 10)).toBeGreaterThan(900);
    expect(both.network.a.counters.timeouts).toBe(1);
  });

  test("after a timeout nothing goes again that the peer said it holds", () => {
    const both = pair(rto);
    sendSegments(both, 10);
    // The first, and every copy of it that comes before the clock's; the nine behind it arrive.
    const seen = lose(both.network, [1, 11]);
    sendSegments(both, 10);
    const { timeouts, retransmitted } = both.network.a.counters;
    expect(timeouts).toBe(1);
    expect(retransmitted).toBe(2);
    expect(seen()).toBe(12);
    // One acknowledgment of ten segments, and slow start grew by one: nine had arrived before the timeout.
    wait(both.network, 10);
    const { cwndBytes, mss } = both.client.info();
    expect(cwndBytes).toBe(2 * mss);
  });

  test("segments out of order are not lost, if they come a little later, once it was seen that they do", () => {
    const both = pair(rto);
    const { wire } = both.network;
    sendSegments(both, 40);
    wire.faults = { ...wire.faults, reorder: 0.2, reorderMs: 0.1 };
    sendSegments(both, 100);
    const { retransmitted } = both.network.a.counters;
    expect(retransmitted).toBeLessThanOrEqual(1); // three behind it have come, and nobody knew better
    const before = wire.tally.reordered;
    sendSegments(both, 300);
    expect(wire.tally.reordered - before).toBeGreaterThan(30);
    expect(both.network.a.counters).toMatchObject({ timeouts: 0, retransmitted });
  });
});

describe("strangers", () => {
  test("a RST must name the very next byte; one in the window is challenged, one outside ignored", () => {
    const both = pair();
    forge(both, TCP_FLAG.rst, 100);
    expect([both.server.state, both.network.b.counters.challengeAcks]).toEqual(["ESTABLISHED", 1]);
    forge(both, TCP_FLAG.rst, 10_000_000);
    expect([both.server.state, both.network.b.counters.challengeAcks]).toEqual(["ESTABLISHED", 1]);
    forge(both, TCP_FLAG.rst, 0);
    expect([both.server.state, both.server.failure]).toEqual(["CLOSED", "ECONNRESET"]);
  });

  test("a SYN within a connection is challenged", () => {
    const both = pair();
    forge(both, TCP_FLAG.syn, 0);
    expect([both.server.state, both.network.b.counters.challengeAcks]).toEqual(["ESTABLISHED", 1]);
  });

  test("an acknowledgment of what was never sent is challenged, and its text not taken", () => {
    const both = pair();
    forge(both, TCP_FLAG.ack, 0, "forged", 5000);
    expect([both.server.readable, both.network.b.counters.drops.tcpBadAck]).toEqual([0, 1]);
  });

  test("a storm of RSTs and SYNs gets no more than a hundred challenges a second, and the stream goes on", () => {
    const both = pair();
    for (let i = 0; i < 5000; i++) forge(both, i % 2 ? TCP_FLAG.rst : TCP_FLAG.syn, 1 + (i % 900));
    expect(both.network.b.counters.challengeAcks).toBeLessThanOrEqual(100);
    both.client.write(text("still here"));
    both.network.run(() => both.server.readable > 0);
    expect(readAll(both.server)).toBe("still here");
  });

  test("a segment for nobody gets a RST that its sender must believe", () => {
    const both = pair();
    const heard: string[] = [];
    both.network.wire.onSend = (frame) => {
      heard.push(describeFrame(frame).text);
      return true;
    };
    const frame = buildFrame({
      ethernet: { source: MACS.a, destination: MACS.b },
      ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
      tcp: { sourcePort: 9, destinationPort: 9, flags: TCP_FLAG.ack, sequence: 5, acknowledgment: 77 },
    });
    both.network.b.ethernet.input(frame, 0, frame.length);
    both.network.b.poll();
    expect(heard.at(-1)).toMatch(/RST, sequence 77, window 0/);
  });
});

describe("silence", () => {
  test("an idle peer that lives is asked and answers; one that is gone is given up", () => {
    const { network, client } = pair({ keepAliveIntervalMs: 1000, keepAliveProbes: 3 });
    client.keepAliveMs = 10_000;
    wait(network, 100_000);
    expect([client.state, client.failure]).toEqual(["ESTABLISHED", null]);
    network.wire.onSend = () => true;
    wait(network, 14_500);
    expect([client.state, client.failure]).toEqual(["CLOSED", "ETIMEDOUT"]);
  });

  test("events are told once a poll, however many segments came", () => {
    const { network, client, server } = pair();
    const told: number[] = [];
    server.onEvents = (events) => told.push(events);
    client.write(new Uint8Array(14_600));
    wait(network, 1.5);
    expect(told).toEqual([STACK_EVENT.readable]);
    expect(server.readable).toBe(14_600);
  });
});
