// The kernel as a front-end sees it: five sockets, requests answered in order, busy before and idle after each.
//
// Shell requests run one after another. Control requests (interrupt, shutdown) do not wait for them. When a cell
// fails, the cells that were sent before its error could be known are answered `aborted`; a later one runs at once.
//
// One request is ours alone: on the control channel `ringside_kept_run_request` asks what a run has said so far
// (`kept-run.cjs`). It is not announced on iopub: the kernel is not idle because that was answered.
"use strict";
const { setTimeout: delay } = require("node:timers/promises");
const { KeptRuns } = require("./kept-run.cjs");
const { decode, encode } = require("./wire.cjs");

/** How long a request that a front-end has sent takes to arrive here, generously. */
const IN_FLIGHT_MS = 10;

const KEPT_RUN_REQUEST = "ringside_kept_run_request";

/**
 * @param {object} connection the connection file
 * @param {typeof import("zeromq")} zeromq
 */
class Server {
  constructor(connection, zeromq) {
    this.connection = connection;
    // Every send succeeds at once. With a high-water mark a full PUB socket drops what it is given; with a timeout
    // zeromq.js waits for the event loop after 512 sends in a row, and refuses all further ones until then. Stock
    // tslab loses its output to these two, and `status: idle` after it.
    const unlimited = { sendHighWaterMark: 0, sendTimeout: 0 };
    this.iopub = new zeromq.Publisher(unlimited);
    this.shell = new zeromq.Router(unlimited);
    this.control = new zeromq.Router(unlimited);
    this.stdin = new zeromq.Router();
    this.heartbeat = new zeromq.Reply();
    this.kept = new KeptRuns();
    this.queue = [];
    this.received = 0;
    this.busy = false;
    /** Settled unless waiting cells are just being aborted; no further cell begins before. */
    this.aborting = Promise.resolve();
  }

  /** Publishes one message on iopub. */
  publish(type, parent, content) {
    this.kept.hear(parent, type, content);
    const prefix = [Buffer.from(type)];
    void this.iopub.send(encode(this.connection.key, { prefix, type, parent, content }));
  }

  /**
   * Binds the sockets and answers until the process ends.
   * @param {{ handlers: Record<string, (request: object) => object | Promise<object>>, flush: () => void }} kernel
   *   one handler for each request type; its result is the content of the reply
   */
  async listen(kernel) {
    this.kernel = kernel;
    const { connection } = this;
    const address = (port) => `${connection.transport}://${connection.ip}:${port}`;
    await Promise.all([
      this.iopub.bind(address(connection.iopub_port)),
      this.shell.bind(address(connection.shell_port)),
      this.control.bind(address(connection.control_port)),
      this.stdin.bind(address(connection.stdin_port)),
      this.heartbeat.bind(address(connection.hb_port)),
    ]);
    void this.receive(this.shell, (request) => {
      this.received++;
      if (!this.kept.begin(request)) return;
      this.queue.push(request);
      if (!this.busy) void this.work();
    });
    void this.receive(this.control, (request) => {
      if (request.header.msg_type === KEPT_RUN_REQUEST) this.tellKept(request);
      else void this.answer(this.control, request);
    });
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  async receive(socket, accept) {
    for await (const frames of socket) {
      try {
        accept(decode(this.connection.key, frames));
      } catch (error) {
        console.error(error.message);
      }
    }
  }

  async work() {
    this.busy = true;
    for (let request = this.queue.shift(); request; request = this.queue.shift()) {
      await this.answer(this.shell, request);
      await this.aborting;
    }
    this.busy = false;
  }

  async answer(socket, request) {
    const { header, content } = request;
    let aborted = [];
    this.publish("status", header, { execution_state: "busy" });
    try {
      const reply = await this.kernel.handlers[header.msg_type]?.(request);
      this.kernel.flush();
      const failed = header.msg_type === "execute_request" && reply?.status === "error";
      // Before the reply: whoever has seen it may send the next cell, and that one is to run.
      if (failed && content.stop_on_error !== false) aborted = await this.takeWaiting();
      if (reply) this.reply(socket, request, reply);
    } finally {
      this.publish("status", header, { execution_state: "idle" });
    }
    this.abort(aborted);
  }

  tellKept(request) {
    this.kernel.flush();
    this.reply(this.control, request, this.kept.tell(request.content));
  }

  reply(socket, request, content) {
    this.kept.end(request.header, content);
    const type = request.header.msg_type.replace("_request", "_reply");
    const message = { prefix: request.identities, type, parent: request.header, content };
    void socket.send(encode(this.connection.key, message));
  }

  /** Answers `aborted` to every cell that was sent by now; what runs goes on. */
  abortWaiting() {
    this.aborting = this.takeWaiting().then((waiting) => this.abort(waiting));
  }

  async takeWaiting() {
    // A synchronous cell kept the socket unread, and "Run all" may still be on its way through the server: take what
    // comes before judging what was waiting. (Asking the socket whether it is readable would swallow the event that
    // wakes its reader.)
    let before = -1;
    while (before !== this.received) {
      before = this.received;
      await delay(IN_FLIGHT_MS);
    }
    const waiting = this.queue.filter((request) => request.header.msg_type === "execute_request");
    this.queue = this.queue.filter((request) => !waiting.includes(request));
    return waiting;
  }

  abort(requests) {
    for (const request of requests) {
      this.publish("status", request.header, { execution_state: "busy" });
      this.reply(this.shell, request, { status: "aborted" });
      this.publish("status", request.header, { execution_state: "idle" });
    }
  }

  close() {
    for (const socket of [this.iopub, this.shell, this.control, this.stdin, this.heartbeat]) socket.close();
  }
}

module.exports = { Server };
