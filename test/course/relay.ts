// A wire between browser and server that a test can cut, as `ssh -L` is one that breaks when the laptop sleeps.

import { connect as connectTo, createServer, type Socket } from "node:net";

export interface Relay {
  readonly port: number;
  /** Ends what is connected and lets nobody through. */
  cut(): void;
  /** Lets nothing through and ends nothing, as when the network is gone; what is sent waits. */
  hold(): void;
  /** Lets everybody through, and what waited. */
  mend(): void;
  close(): Promise<void>;
}

/** @param target port of 127.0.0.1 that it leads to */
export async function openRelay(target: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let whole = true;
  let held = false;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connectTo(target, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => one.destroy());
      one.once("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on("data", (piece) => other.write(piece));
      if (held) one.pause();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as { port: number }).port,
    cut() {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    hold() {
      held = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      [whole, held] = [true, false];
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
