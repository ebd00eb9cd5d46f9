// The kernel as a front-end sees it: five sockets, requests answered in order, busy before and idle after each.
//
// Shell requests run one after another. Control requests (interrupt, shutdown) do not wait for them. When a cell
// fails, the cells that were sent before its error could be known are answered `aborted`; a later one runs at once.
"use strict";
const { setImmediate: nextTurn } = require("node:timers/promises");
const { decode, encode } = require("./wire.cjs");

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
    this.queue = [];
    this.received = 0;
    this.busy = false;
    /** Settled unless waiting cells are just being aborted; no further cell begins before. */
    this.aborting = Promise.resolve();
  }

  /** Publishes one message on iopub. */
  publish(type, parent, content) {
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
      this.queue.push(request);
      if (!this.busy) void this.work();
    });
    void this.receive(this.control, (request) => this.answer(this.control, request));
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
      const reply = await this.answer(this.shell, request);
      const failed = request.header.msg_type === "execute_request" && reply?.status === "error";
      if (failed && request.content.stop_on_error !== false) this.abortWaiting();
      await this.aborting;
    }
    this.busy = false;
  }

  async answer(socket, request) {
    const parent = request.header;
    const type = parent.msg_type;
    this.publish("status", parent, { execution_state: "busy" });
    try {
      const content = await this.kernel.handlers[type]?.(request);
      this.kernel.flush();
      if (content) this.reply(socket, request, content);
      return content;
    } finally {
      this.publish("status", parent, { execution_state: "idle" });
    }
  }

  reply(socket, request, content) {
    const type = request.header.msg_type.replace("_request", "_reply");
    const message = { prefix: request.identities, type, parent: request.header, content };
    void socket.send(encode(this.connection.key, message));
  }

  /** Answers `aborted` to every cell that was sent by now; what runs goes on. */
  abortWaiting() {
    this.aborting = this.abortQueue();
  }

  async abortQueue() {
    // A synchronous cell kept the socket unread: take what is there before judging what was waiting. (Asking the socket
    // whether it is readable would swallow the event that wakes its reader.)
    let before = -1;
    while (before !== this.received) {
      before = this.received;
      await nextTurn();
      await nextTurn();
    }
    const waiting = this.queue.filter((request) => request.header.msg_type === "execute_request");
    this.queue = this.queue.filter((request) => !waiting.includes(request));
    for (const request of waiting) {
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
