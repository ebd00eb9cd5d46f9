import {
  AF_INET,
  bind,
  close,
  connect,
  getSocketOption,
  interfaceIndex,
  ipv4SocketAddress,
  MSG_DONTWAIT,
  POLLIN,
  poll,
  receive,
  SOCK_DGRAM,
  SOL_SOCKET,
  send,
  setSocketOption,
  socket,
} from "ringside/sys";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const PORT = 40_000 + (process.pid % 20_000);
const HERE = ipv4SocketAddress("127.0.0.1", PORT);
const SO_RCVBUF = 8;
const open: number[] = [];

function udp(): number {
  const fd = socket(AF_INET, SOCK_DGRAM, 0);
  open.push(fd);
  return fd;
}

let receiver = 0;
beforeEach(() => {
  receiver = udp();
  bind(receiver, HERE, `UDP port ${PORT}`);
});
afterEach(() => {
  for (const fd of open.splice(0)) close(fd);
});

describe("sockets on loopback", () => {
  test("carry bytes from one to the other", () => {
    const sender = udp();
    connect(sender, HERE, "our own receiver");
    expect(send(sender, Uint8Array.of(1, 2, 3))).toBe(3);
    expect(poll(receiver, POLLIN, 1000)).toBe(POLLIN);
    const bytes = new Uint8Array(16);
    expect(receive(receiver, bytes)).toBe(3);
    expect([...bytes.subarray(0, 3)]).toEqual([1, 2, 3]);
  });

  test("send to a named address without connecting", () => {
    expect(send(udp(), new Uint8Array(5), HERE)).toBe(5);
    expect(receive(receiver, new Uint8Array(8))).toBe(5);
  });

  test("give null, not an error, when nothing waits", () => {
    expect(receive(receiver, new Uint8Array(8), MSG_DONTWAIT)).toBeNull();
    expect(poll(receiver, POLLIN, 0)).toBe(0);
  });

  test("read an option back as the kernel has it: twice the buffer that was asked for", () => {
    const asked = new Uint8Array(Uint32Array.of(10_000).buffer);
    setSocketOption(receiver, SOL_SOCKET, SO_RCVBUF, asked, "the receive buffer");
    const got = getSocketOption(receiver, SOL_SOCKET, SO_RCVBUF, 4, "the receive buffer");
    expect(new DataView(got.buffer, got.byteOffset).getUint32(0, true)).toBe(20_000);
  });

  test("refuse a port in use, with the call, its errno and the next step", () => {
    expect(() => bind(udp(), HERE, `UDP port ${PORT}`)).toThrow(
      expect.objectContaining({
        call: "bind",
        code: "EADDRINUSE",
        message: expect.stringMatching(/^Cannot bind UDP port \d+: .*-> choose another port/),
      }),
    );
  });

  test("refuse what is no descriptor", () => {
    expect(() => send(9999, new Uint8Array(1))).toThrow(expect.objectContaining({ code: "EBADF" }));
  });
});

describe("addresses and interfaces", () => {
  test("an IPv4 socket address has its port in network order", () => {
    expect([...ipv4SocketAddress("10.0.0.2", 0x1234)]).toEqual([
      2,
      0,
      0x12,
      0x34,
      10,
      0,
      0,
      2,
      ...Array(8).fill(0),
    ]);
  });

  test.each(["10.0.0", "10.0.0.256", "host", "1.2.3.x"])("%s is no IPv4 address", (text) => {
    expect(() => ipv4SocketAddress(text, 1)).toThrow(RangeError);
  });

  test("loopback has index 1, and an absent interface is ENODEV", () => {
    expect(interfaceIndex("lo")).toBe(1);
    expect(() => interfaceIndex("no-such-if")).toThrow(expect.objectContaining({ code: "ENODEV" }));
  });
});
