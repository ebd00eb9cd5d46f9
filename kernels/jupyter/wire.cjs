// How a Jupyter message looks on a ZeroMQ socket: routing identities, a delimiter, a signature, and four
// JSON parts (header, parent header, metadata, content).
//
// Source: jupyter-client documentation, "Messaging in Jupyter", section "The Wire Protocol".
"use strict";
const { createHmac, randomUUID, timingSafeEqual } = require("node:crypto");

const DELIMITER = Buffer.from("<IDS|MSG>");
const PROTOCOL_VERSION = "5.3";

/** One session id for the life of this kernel process. */
const session = randomUUID();

function sign(key, parts) {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/**
 * Reads one message.
 *
 * @param {string} key the connection file's signing key; empty switches signing off
 * @param {Buffer[]} frames as the socket delivered them
 * @returns the message; `identities` route the reply back to its sender
 * @throws Error where the delimiter is missing or the signature is wrong
 */
function decode(key, frames) {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (at < 0) throw new Error("Cannot read a Jupyter message: it has no <IDS|MSG> delimiter");
  const parts = frames.slice(at + 2, at + 6);
  const expected = Buffer.from(sign(key, parts));
  const found = frames[at + 1];
  if (expected.length !== found.length || !timingSafeEqual(expected, found)) {
    throw new Error("Cannot read a Jupyter message: its signature does not match the connection file's key");
  }
  const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
  return { identities: frames.slice(0, at), header, parent, metadata, content };
}

/**
 * Writes one message.
 *
 * @param {string} key signing key
 * @param {object} message `prefix` (identities or an iopub topic), `type`, `parent` (a header, or {}), `content`
 * @returns {Buffer[]} frames for `socket.send`
 */
function encode(key, { prefix, type, parent, content }) {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: parent.username ?? "kernel",
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
  return [...prefix, ...encodeParts(key, { header, parent_header: parent, metadata: {}, content })];
}

/** Writes a message whose four parts are given, without a prefix: what a front-end sends. */
function encodeParts(key, { header, parent_header, metadata, content }) {
  const parts = [header, parent_header, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
  return [DELIMITER, Buffer.from(sign(key, parts)), ...parts];
}

module.exports = { PROTOCOL_VERSION, decode, encode, encodeParts };
