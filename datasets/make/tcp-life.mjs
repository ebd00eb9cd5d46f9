// A TCP connection from its first SYN to its last ACK, as host a sees it: once on a sound wire, and once where the wire
// loses a segment in the middle (mended by three duplicate ACKs with SACK) and the last one (mended by the timer).

import { TCP_FLAG } from "ringside/packet";
import { answerPorts, atTimes, back, frame, IPV4, ports, randomSource } from "./common.mjs";

const { syn, ack, psh, fin } = TCP_FLAG;
const HALF_TRIP_US = 5_000;
const SEGMENT_BYTES = 536;
const SACK_KIND = 5;

/** One side: its next sequence number, what it has acknowledged, its clock at the start and the last it saw of the other's. */
function side(isA, initial, clockMs, identification) {
  return { isA, next: initial, acked: 0, echo: 0, clockMs, identification };
}

const bytesOf32 = (values) => values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255));

/** A side's clock when it sent what host a's interface has at `us`: host b's frames are half a round trip old. */
const clockAt = ({ isA, clockMs }, us) => clockMs + Math.floor((isA ? us : us - HALF_TRIP_US) / 1000);

/** TCP options of an established connection: the clocks, and which bytes came although others are missing. */
function options(from, us, sack = []) {
  const nops = [{ name: "nop" }, { name: "nop" }];
  const clock = { name: "timestamps", value: clockAt(from, us), echo: from.echo };
  const gaps = { name: "other", kind: SACK_KIND, data: Uint8Array.from(bytesOf32(sack)) };
  return sack.length === 0 ? [...nops, clock] : [...nops, clock, ...nops, gaps];
}

const opening = (from, us) => [
  { name: "mss", bytes: SEGMENT_BYTES },
  { name: "sackPermitted" },
  ...options(from, us).slice(2),
  { name: "nop" },
  { name: "windowScale", shift: 7 },
];

/** A connection being written: each call notes a frame at the time at which host a's interface has it. */
function connection() {
  const { below, data } = randomSource();
  const a = side(true, below(2 ** 31), 1_000, below(30_000));
  const b = side(false, below(2 ** 31), 90_000, below(30_000));
  const events = [];
  const note = (from, us, flags, sequence, more = {}) => {
    const acknowledgment = flags & ack ? from.acked : 0;
    const tcp = { flags, sequence, acknowledgment, window: 502, options: options(from, us, more.sack) };
    if (flags & syn) Object.assign(tcp, { options: opening(from, us), window: 64_240 });
    const [ethernet, ip, way] = from.isA
      ? [{}, IPV4.there, ports]
      : [{ ethernet: back }, IPV4.back, answerPorts];
    const ipv4 = { ...ip, identification: from.identification++, flags: 2 };
    events.push([us, frame({ ...ethernet, ipv4, tcp: { ...way, ...tcp }, payload: more.payload ?? "" })]);
    (from.isA ? b : a).echo = clockAt(from, us);
  };
  return { a, b, data, note, frames: () => atTimes(events.sort(([x], [y]) => x - y)) };
}

/** SYN, SYN and ACK, ACK. @returns the time at which host a may send data */
function shakeHands({ a, b, note }) {
  note(a, 0, syn, a.next++);
  b.acked = a.next;
  note(b, 2 * HALF_TRIP_US, syn | ack, b.next++);
  a.acked = b.next;
  note(a, 2 * HALF_TRIP_US + 40, ack, a.next);
  return 2 * HALF_TRIP_US + 100;
}

/** FIN and ACK from either side; the last ACK is host a's. */
function sayGoodbye({ a, b, note }, us) {
  note(a, us, fin | ack, a.next++);
  b.acked = a.next;
  note(b, us + 2 * HALF_TRIP_US, fin | ack, b.next++);
  a.acked = b.next;
  note(a, us + 2 * HALF_TRIP_US + 30, ack, a.next);
}

/** A question of 60 bytes, an answer of four segments, and an orderly end. */
export function tcpLife() {
  const c = connection();
  const { a, b, data, note } = c;
  let us = shakeHands(c);
  note(a, us, ack | psh, a.next, { payload: data(60) });
  a.next += 60;
  b.acked = a.next;
  us += 2 * HALF_TRIP_US;
  note(b, us, ack, b.next);
  for (const index of [0, 1, 2, 3]) {
    us += 60;
    note(b, us, index === 3 ? ack | psh : ack, b.next, { payload: data(SEGMENT_BYTES) });
    b.next += SEGMENT_BYTES;
    a.acked = b.next;
    if (index % 2 === 1) note(a, us + 25, ack, a.next);
  }
  sayGoodbye(c, us + 1_000);
  return c.frames();
}

/** Ten segments, of which the wire loses the fourth once and the tenth once. */
export function tcpLoss() {
  const c = connection();
  const { a, b, data, note } = c;
  const sentAt = shakeHands(c);
  const payloads = Array.from({ length: 10 }, () => data(SEGMENT_BYTES));
  const starts = payloads.map((_, index) => a.next + index * SEGMENT_BYTES);
  const end = starts[9] + SEGMENT_BYTES;
  const send = (index, us) => note(a, us, index === 9 ? ack | psh : ack, starts[index], { payload: payloads[index] });
  const answer = (us, acked, sack) => {
    b.acked = acked;
    note(b, us, ack, b.next, { sack });
  };
  for (const index of payloads.keys()) send(index, sentAt + index * 50);
  // The fourth (index 3) is lost: each later one that arrives makes host b repeat itself and name what it holds.
  const backAt = (index) => sentAt + index * 50 + 2 * HALF_TRIP_US;
  for (const index of [0, 1, 2]) answer(backAt(index), starts[index] + SEGMENT_BYTES);
  for (const index of [4, 5, 6, 7, 8]) answer(backAt(index), starts[3], [starts[4], starts[index] + SEGMENT_BYTES]);
  send(3, backAt(6) + 20); // at the third duplicate
  answer(backAt(6) + 20 + 2 * HALF_TRIP_US, starts[9]);
  // The tenth was lost, too, and nothing follows it that could make host b speak: only the timer is left.
  const timer = backAt(6) + 20 + 2 * HALF_TRIP_US + 210_000;
  send(9, timer);
  answer(timer + 2 * HALF_TRIP_US, end);
  a.next = end;
  sayGoodbye(c, timer + 2 * HALF_TRIP_US + 1_000);
  return c.frames();
}
