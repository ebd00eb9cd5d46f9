// Blocking and asynchronous calls, made of calls that never wait. Each operation is written once, as a generator that says what
// it waits for; a blocking program asks `poll` for it and stands still, an asynchronous one lets others run meanwhile.

import {
  type Accepted,
  POLL,
  type PollEntry,
  posixError,
  type Received,
  type SocketAddress,
  type SocketDescriptor,
  type Sockets,
} from "./api.js";

type Operation<Result> = Generator<PollEntry, Result, void>;

function* connecting(sockets: Sockets, fd: SocketDescriptor, to: SocketAddress): Operation<void> {
  if (sockets.connect(fd, to)) return;
  yield { fd, events: POLL.out };
  const error = sockets.takeError(fd);
  if (error !== null) throw posixError("connect", error, `connect to ${to.address}:${to.port}`);
}

function* accepting(sockets: Sockets, fd: SocketDescriptor): Operation<Accepted> {
  for (;;) {
    const accepted = sockets.accept(fd);
    if (accepted !== null) return accepted;
    yield { fd, events: POLL.in };
  }
}

/** Until all of it is taken, as a blocking `sendmsg` does. */
function* sending(
  sockets: Sockets,
  fd: SocketDescriptor,
  bytes: Uint8Array,
  to?: SocketAddress,
): Operation<number> {
  let sent = 0;
  do {
    const taken = sockets.sendmsg(fd, bytes.subarray(sent), to);
    if (taken === null) yield { fd, events: POLL.out };
    else sent += taken;
  } while (sent < bytes.length);
  return sent;
}

function* receiving(sockets: Sockets, fd: SocketDescriptor, into: Uint8Array): Operation<Received> {
  for (;;) {
    const received = sockets.recvmsg(fd, into);
    if (received !== null) return received;
    yield { fd, events: POLL.in };
  }
}

/** Calls that return when they are done. The thread stands still meanwhile. */
export class BlockingSockets {
  readonly base: Sockets;
  /** Longest wait of one call; -1 waits for ever. */
  readonly timeoutMs: number;

  constructor(base: Sockets, timeoutMs = -1) {
    this.base = base;
    this.timeoutMs = timeoutMs;
  }

  /** @throws SysError ECONNREFUSED, ETIMEDOUT, ... */
  connect(fd: SocketDescriptor, to: SocketAddress): void {
    this.block(connecting(this.base, fd, to), "connect");
  }

  accept(fd: SocketDescriptor): Accepted {
    return this.block(accepting(this.base, fd), "accept");
  }

  /** Sends all of it. */
  send(fd: SocketDescriptor, bytes: Uint8Array, to?: SocketAddress): number {
    return this.block(sending(this.base, fd, bytes, to), "sendmsg");
  }

  receive(fd: SocketDescriptor, into: Uint8Array): Received {
    return this.block(receiving(this.base, fd, into), "recvmsg");
  }

  /** @throws SysError EAGAIN after the longest wait. @source socket(7), SO_RCVTIMEO */
  private block<Result>(operation: Operation<Result>, call: string): Result {
    for (;;) {
      const { done, value } = operation.next();
      if (done) return value;
      if (this.base.poll([value], this.timeoutMs)[0] !== 0) continue;
      throw posixError(call, "EAGAIN", `${call} on descriptor ${value.fd} within ${this.timeoutMs} ms`);
    }
  }
}

interface Waiting extends PollEntry {
  readonly go: () => void;
  readonly fail: (error: unknown) => void;
}

/** Calls that return promises. One `poll` a turn asks for everybody who waits. */
export class AsyncSockets {
  readonly base: Sockets;
  private readonly tickMs: number;
  private waiting: Waiting[] = [];
  private isAsking = false;

  /** @param tickMs how long each turn lets time pass, for a model whose clock stands still otherwise */
  constructor(base: Sockets, tickMs = 0) {
    this.base = base;
    this.tickMs = tickMs;
  }

  connect(fd: SocketDescriptor, to: SocketAddress): Promise<void> {
    return this.run(connecting(this.base, fd, to));
  }

  accept(fd: SocketDescriptor): Promise<Accepted> {
    return this.run(accepting(this.base, fd));
  }

  /** Sends all of it. */
  send(fd: SocketDescriptor, bytes: Uint8Array, to?: SocketAddress): Promise<number> {
    return this.run(sending(this.base, fd, bytes, to));
  }

  receive(fd: SocketDescriptor, into: Uint8Array): Promise<Received> {
    return this.run(receiving(this.base, fd, into));
  }

  /** Closes a socket; whoever waits for it gets EBADF. */
  close(fd: SocketDescriptor): void {
    this.base.close(fd);
    for (const entry of this.waiting) if (entry.fd === fd) entry.go();
    this.waiting = this.waiting.filter((entry) => entry.fd !== fd);
  }

  private async run<Result>(operation: Operation<Result>): Promise<Result> {
    for (;;) {
      const { done, value } = operation.next();
      if (done) return value;
      await this.readiness(value);
    }
  }

  private readiness(entry: PollEntry): Promise<void> {
    return new Promise((go, fail) => {
      this.waiting.push({ ...entry, go, fail });
      if (!this.isAsking) this.ask();
    });
  }

  private ask(): void {
    this.isAsking = this.waiting.length > 0;
    if (!this.isAsking) return;
    setImmediate(() => {
      const asked = this.waiting;
      try {
        const found = this.base.poll(asked, this.tickMs);
        this.waiting = asked.filter((_, i) => found[i] === 0);
        for (const [i, { go }] of asked.entries()) if (found[i] !== 0) go();
      } catch (error) {
        // What the sockets stand on is gone: nobody who waits will ever be served.
        this.waiting = [];
        for (const { fail } of asked) fail(error);
      }
      this.ask();
    });
  }
}
