// Which notebook has which kernel. A notebook's path has one kernel, whoever asks for it.
"use strict";
const { randomUUID } = require("node:crypto");
const { dirname, join, resolve, sep } = require("node:path");
const { KERNEL_NAME } = require("../kernelspec.cjs");
const { KernelProcess } = require("./kernel-process.cjs");

class Sessions {
  /** @param {string} root the folder whose notebooks are served; @param {string} folder for connection files */
  constructor(root, folder) {
    this.root = resolve(root);
    this.folder = folder;
    /** @type {Map<string, { id: string, path: string, kernel: KernelProcess, channels: Set<object>, state: string }>} */
    this.byId = new Map();
    /** A session that is being made is the one that the next who asks gets, too. */
    this.making = new Map();
  }

  /** The session of a path; made where there is none. @throws Error where the path leaves the folder */
  async open(path) {
    const known = [...this.byId.values()].find((session) => session.path === path);
    if (known !== undefined) return known;
    if (!this.making.has(path)) {
      const made = this.#make(path).finally(() => this.making.delete(path));
      this.making.set(path, made);
    }
    return this.making.get(path);
  }

  async #make(path) {
    const cwd = resolve(join(this.root, dirname(path)));
    if (cwd !== this.root && !cwd.startsWith(this.root + sep))
      throw new Error(`${path} leaves the notebooks' folder`);
    const kernel = new KernelProcess(this.folder, cwd);
    const session = { id: randomUUID(), path, kernel, channels: new Set(), state: "starting" };
    kernel.on("died", () => {
      this.byId.delete(session.id);
      for (const channel of session.channels) channel.tell({ execution_state: "dead" });
      void kernel.stop();
    });
    await kernel.start();
    this.byId.set(session.id, session);
    return session;
  }

  ofKernel(id) {
    return [...this.byId.values()].find(({ kernel }) => kernel.id === id);
  }

  async close(session) {
    this.byId.delete(session.id);
    await session.kernel.stop();
  }

  /** Another process in the same place; those who were joined to the old one are told and must join again. */
  async restart({ kernel, channels }) {
    for (const channel of channels) channel.tell({ execution_state: "restarting" });
    await kernel.stop();
    await kernel.start();
  }

  async closeAll() {
    await Promise.all([...this.byId.values()].map((session) => this.close(session)));
  }
}

/** A kernel as Jupyter's REST interface describes it. */
function kernelModel({ kernel, channels, state }) {
  return {
    id: kernel.id,
    name: KERNEL_NAME,
    last_activity: new Date().toISOString(),
    execution_state: state,
    connections: channels.size,
  };
}

/** A session as Jupyter's REST interface describes it. */
function sessionModel(session) {
  const { id, path } = session;
  return { id, path, name: path, type: "notebook", kernel: kernelModel(session) };
}

module.exports = { Sessions, kernelModel, sessionModel };
