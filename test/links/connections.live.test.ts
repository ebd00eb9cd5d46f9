// Connections between our TCP and Linux's: many short ones, and one that both open and both close at the same time.
// RINGSIDE_CONNECTIONS sets how many short ones.
import { expect, test } from "vitest";
import { LINUX, LinuxPeer, numberIn, OURS, toBytes } from "./linux-peer.js";

const CONNECTIONS = Number(process.env.RINGSIDE_CONNECTIONS ?? 200);
const LIMIT = { timeout: 600_000 };

test(`${CONNECTIONS} short connections from Linux each get their own answer and their end`, LIMIT, () => {
  const peer = new LinuxPeer();
  const { linux, stack } = peer;
  const listener = stack.listenTcp(80, 16);
  for (let number = 0; number < CONNECTIONS; number++) {
    const { fd, ours } = peer.connect(listener);
    linux.sendmsg(fd, toBytes(number));
    ours.write(peer.read(ours, 4));
    ours.close();
    expect(numberIn(peer.hear(fd, 4))).toBe(number);
    peer.hearEnd(fd);
    linux.close(fd);
    peer.reach(ours, "TIME-WAIT");
    expect(ours.failure).toBeNull();
  }
  expect(stack.tcp.table.list().every(({ state }) => state === "TIME-WAIT")).toBe(true);
  expect(stack.counters.resetsSent).toBe(0);
});

test(`${CONNECTIONS} short connections to Linux each get their own answer and their end`, LIMIT, () => {
  const peer = new LinuxPeer();
  const { linux, stack } = peer;
  const listener = peer.socket(7001);
  linux.listen(listener, 16);
  for (let number = 0; number < CONNECTIONS; number++) {
    const ours = stack.connectTcp({ address: LINUX.number, port: 7001 });
    peer.reach(ours, "ESTABLISHED");
    ours.write(toBytes(number));
    const { fd } = peer.accept(listener);
    linux.sendmsg(fd, peer.hear(fd, 4));
    linux.close(fd);
    expect(numberIn(peer.read(ours, 4))).toBe(number);
    peer.reach(ours, "CLOSE-WAIT");
    ours.close();
    peer.reach(ours, "CLOSED");
    expect(ours.failure).toBeNull();
  }
  linux.close(listener);
  expect(stack.tcp.table.size).toBe(0);
  expect(stack.counters.resetsSent).toBe(0);
});

test("two that call each other at once make one connection, and may end it at once", () => {
  const peer = new LinuxPeer();
  const { linux, stack } = peer;
  const meeting = peer.connect(stack.listenTcp(80, 1)); // from now on each knows the other's MAC address
  const moves: string[] = [];
  stack.tcp.onState = (tcb, from) => {
    if (tcb.localPort === 5002) moves.push(`${from} ${tcb.state}`);
  };
  const fd = peer.socket(5001);
  linux.connect(fd, { address: OURS.address, port: 5002 });
  // Linux's SYN lies in our ring, and ours leaves before anybody looks there.
  const ours = stack.connectTcp({ address: LINUX.number, port: 5001 }, { localPort: 5002 });
  peer.reach(ours, "ESTABLISHED");
  expect(moves).toEqual(["CLOSED SYN-SENT", "SYN-SENT SYN-RECEIVED", "SYN-RECEIVED ESTABLISHED"]);
  ours.write(toBytes(1));
  expect(numberIn(peer.hear(fd, 4))).toBe(1);
  linux.sendmsg(fd, toBytes(2));
  expect(numberIn(peer.read(ours, 4))).toBe(2);
  moves.length = 0;
  linux.shutdown(fd, "write");
  ours.shutdown(); // before Linux's FIN is seen
  peer.reach(ours, "TIME-WAIT");
  expect(moves).toEqual(["ESTABLISHED FIN-WAIT-1", "FIN-WAIT-1 CLOSING", "CLOSING TIME-WAIT"]);
  peer.hearEnd(fd);
  for (const open of [fd, meeting.fd]) linux.close(open);
});
