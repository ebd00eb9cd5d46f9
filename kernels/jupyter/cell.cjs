// One run of one cell: whose output is whose, and how it is told to stop.
//
// Each cell runs in its own async context, so a timer that cell 3 started prints into cell 3, however late, and
// what a stopped cell still prints is dropped instead of appearing under the cell that happens to run then.
"use strict";
const { AsyncLocalStorage } = require("node:async_hooks");

const context = new AsyncLocalStorage();
/** The cell that was started last. */
let latest = null;

class Cell {
  /**
   * @param {object} request an execute_request
   * @param {number} count execution count
   * @param {{ stream: Function, publish: Function }} outbox
   */
  constructor(request, count, outbox) {
    this.parent = request.header;
    this.code = request.content.code;
    this.silent = request.content.silent === true;
    this.count = count;
    this.name = `In[${count}]`;
    this.outbox = outbox;
    this.controller = new AbortController();
    this.running = false;
    /** Set when a stopped cell has ended: nothing it prints from then on is shown. */
    this.muted = false;
  }

  get stopped() {
    return this.controller.signal.aborted;
  }

  stream(name, text) {
    if (!this.muted && !this.silent) this.outbox.stream(name, this.parent, text);
  }

  publish(type, content) {
    if (!this.muted && !this.silent) this.outbox.publish(type, this.parent, content);
  }

  /** Runs `body` as this cell; everything it starts belongs to the cell. */
  async run(body) {
    latest = this;
    this.running = true;
    try {
      return await context.run(this, body);
    } finally {
      this.running = false;
      this.muted = this.stopped;
    }
  }
}

/** @returns {Cell | null} the cell whose code is asking; where that is unknown, the one started last */
function currentCell() {
  return context.getStore() ?? latest;
}

/** @returns {Cell | null} the cell that occupies the kernel now */
function runningCell() {
  return latest?.running ? latest : null;
}

module.exports = { Cell, currentCell, runningCell };
