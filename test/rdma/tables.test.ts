import { packetsOf } from "ringside/rdma";
import { hasUdpPort } from "ringside/sys";
import { expect, test } from "vitest";

const UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  104: 00000000:12B7 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 0 2 0000000000000000 0
  200: 0100007F:0035 00000000:12B8 07 00000000:00000000 00:00000000 00000000   101        0 5120 2 0000000000000000 0
`;

const DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
veth-a:    2520      36    0    0    0     0          0         0     4060      58    0    0    0     0       0          0
veth-ab:123456789    7    0    0    0     0          0         0     4060      8    0    0    0     0       0          0
`;

test("a port is found where a socket is bound to it, not where one is connected to it", () => {
  expect([4791, 53, 4792].map((port) => hasUdpPort(UDP, port))).toEqual([true, true, false]);
  expect(hasUdpPort(UDP.split("\n")[0]!, 4791)).toBe(false);
});

test("an interface's packets are found by its whole name, also where the kernel leaves no blank", () => {
  expect(packetsOf(DEV, "veth-a")).toEqual({ sent: 58, received: 36 });
  expect(packetsOf(DEV, "veth-ab")).toEqual({ sent: 8, received: 7 });
  expect(() => packetsOf(DEV, "veth-b")).toThrow(
    "Cannot read the packets of veth-b: it is gone -> make the wire again",
  );
});
