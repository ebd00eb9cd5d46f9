// A websocket on one side, a kernel's ZeroMQ sockets on the other: what a front-end sends goes to the channel that it
// names, and what the kernel says comes back with the channel's name on it.
"use strict";
const { randomUUID } = require("node:crypto");
const { setTimeout: delay } = require("node:timers/promises");
const { zeromq } = require("../tslab.cjs");
const { decode, encodeParts } = require("../wire.cjs");

const NUDGE_MS = 50;
/** Every send succeeds at once; `../server.cjs` says why. */
const UNLIMITED = { sendHighWaterMark: 0, sendTimeout: 0, receiveHighWaterMark: 0, linger: 0 };

/**
 * Joins a websocket to a kernel, until either closes.
 *
 * @param {import("ws").WebSocket} websocket
 * @param {object} connection the kernel's connection file
 * @param {(state: string) => void} onState told when the kernel becomes busy or idle
 * @returns {{ tell(content: object): void }} at once: a kernel may die before it is heard for the first time
 */
function joinChannels(websocket, connection, onState) {
  const { key } = connection;
  const { dealers, iopub } = openSockets(connection);
  const nudges = new Set();
  let heard = false;
  const pass = async (channel, socket) => {
    for await (const frames of socket) {
      const { header, parent, metadata, content } = decode(key, frames);
      if (channel === "iopub") heard = true;
      if (nudges.has(parent.msg_id)) continue;
      if (header.msg_type === "status") onState(content.execution_state);
      send(websocket, { channel, header, parent_header: parent, metadata, content });
    }
  };
  const sockets = { ...dealers, iopub };
  for (const [channel, socket] of Object.entries(sockets)) pass(channel, socket).catch(() => undefined);

  let open = true;
  const waiting = [];
  const post = (message) => dealers[message.channel]?.send(encodeParts(key, message));
  websocket.on("message", (data) => {
    const message = JSON.parse(data.toString());
    if (waiting.length > 0 || !heard) waiting.push(message);
    else void post(message);
  });
  websocket.on("close", () => {
    open = false;
    for (const socket of Object.values(sockets)) socket.close();
  });

  // A subscription takes a moment to arrive, and what is published before is lost: ask until the answer is heard.
  const listen = async () => {
    while (open && !heard) {
      const header = nudge();
      nudges.add(header.msg_id);
      await dealers.control.send(encodeParts(key, { header, parent_header: {}, metadata: {}, content: {} }));
      await delay(NUDGE_MS);
    }
    while (open && waiting.length > 0) await post(waiting.shift());
  };
  // Sockets that are closed meanwhile refuse; then nobody listens.
  listen().catch(() => undefined);
  return { tell: (content) => tellStatus(websocket, content) };
}

/** One socket for each of the kernel's channels. */
function openSockets(connection) {
  const { transport, ip } = connection;
  const address = (port) => `${transport}://${ip}:${port}`;
  const dealers = {
    shell: new zeromq.Dealer({ ...UNLIMITED, routingId: randomUUID() }),
    control: new zeromq.Dealer({ ...UNLIMITED, routingId: randomUUID() }),
    stdin: new zeromq.Dealer({ ...UNLIMITED, routingId: randomUUID() }),
  };
  for (const [name, socket] of Object.entries(dealers)) socket.connect(address(connection[`${name}_port`]));
  const iopub = new zeromq.Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  iopub.connect(address(connection.iopub_port));
  iopub.subscribe();
  return { dealers, iopub };
}

/** The header of a question whose answer says that the kernel is heard. */
function nudge() {
  return {
    msg_id: randomUUID(),
    msg_type: "kernel_info_request",
    session: "nudge",
    username: "",
    version: "5.3",
  };
}

function send(websocket, message) {
  const { header } = message;
  if (websocket.readyState !== websocket.OPEN) return;
  websocket.send(
    JSON.stringify({ ...message, msg_id: header.msg_id, msg_type: header.msg_type, buffers: [] }),
  );
}

/** What the kernel can no longer say itself. */
function tellStatus(websocket, content) {
  const header = {
    msg_id: randomUUID(),
    msg_type: "status",
    session: "server",
    username: "",
    version: "5.3",
  };
  const date = new Date().toISOString();
  send(websocket, {
    channel: "iopub",
    header: { ...header, date },
    parent_header: {},
    metadata: {},
    content,
  });
}

module.exports = { joinChannels };
