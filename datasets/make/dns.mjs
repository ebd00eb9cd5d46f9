// Questions and answers of the domain name system: what notebooks about requests inside XDP have to read. Names and addresses
// are those that the RFCs keep free for examples (RFC 2606, 5737, 3849).

import { atTimes, back, frame, IPV4, IPV6, randomSource } from "./common.mjs";

const TYPE = { a: 1, cname: 5, soa: 6, aaaa: 28 };
const NAME_ERROR = 3;
const POINTER_TO_QUESTION = [0xc0, 12];
const u16 = (value) => [value >> 8, value & 255];
const name = (text) => [...text.split(".").flatMap((part) => [part.length, ...Buffer.from(part)]), 0];
const question = (text, type) => [...name(text), ...u16(type), 0, 1];
const record = (owner, type, seconds, data) => [
  ...owner, ...u16(type), 0, 1, 0, 0, ...u16(seconds), ...u16(data.length), ...data,
];

/** A message; @param flags e.g. 0x0100 for a question that wants recursion. @source RFC 1035 section 4.1 */
function message(id, flags, questions, answers = [], authorities = []) {
  const counts = [questions.length, answers.length, authorities.length, 0].flatMap(u16);
  return Uint8Array.from([...u16(id), ...u16(flags), ...counts, ...[questions, answers, authorities].flat(2)]);
}

const ASK = 0x0100;
const ANSWER = 0x8180;
const TRUNCATED = 0x8380;

/** Eight exchanges: found, found in two places, an alias, IPv6, no such name, too long an answer, over IPv6, and one unanswered. */
function exchanges() {
  const four = (last) => record(POINTER_TO_QUESTION, TYPE.a, 300, [192, 0, 2, last]);
  const six = record(POINTER_TO_QUESTION, TYPE.aaaa, 300, [0x20, 1, 0x0d, 0xb8, ...Array(11).fill(0), 7]);
  const alias = record(POINTER_TO_QUESTION, TYPE.cname, 60, [3, ...Buffer.from("cdn"), 0xc0, 16]);
  const soa = record([0xc0, 20], TYPE.soa, 900, [...name("ns.example"), ...name("host.example"), ...Array(20).fill(1)]);
  const cdn = record([...name("cdn.example")], TYPE.a, 30, [192, 0, 2, 9]);
  return [
    { text: "ringside.example", type: TYPE.a, answers: [four(1)] },
    { text: "mail.example", type: TYPE.a, answers: [four(2), four(3)] },
    { text: "www.example", type: TYPE.a, answers: [alias, cdn] },
    { text: "ringside.example", type: TYPE.aaaa, answers: [six] },
    { text: "missing.example", type: TYPE.a, flags: ANSWER | NAME_ERROR, authorities: [soa] },
    { text: "large.example", type: TYPE.a, flags: TRUNCATED, answers: [] },
    { text: "six.example", type: TYPE.aaaa, answers: [six], overIpv6: true },
    { text: "lost.example", type: TYPE.a, unanswered: true },
  ];
}

export function dns() {
  const { below } = randomSource();
  let us = 0;
  const events = exchanges().flatMap(({ text, type, flags = ANSWER, answers, authorities, overIpv6, unanswered }) => {
    const [id, port] = [below(65_536), 32_768 + below(28_000)];
    const ask = message(id, ASK, [question(text, type)]);
    const ip = (way) => (overIpv6 ? { ipv6: IPV6[way] } : { ipv4: { ...IPV4[way], identification: below(65_536) } });
    us += 1 + below(900_000);
    const sent = [us, frame({ ...ip("there"), udp: { sourcePort: port, destinationPort: 53 }, payload: ask })];
    if (unanswered) return [sent];
    us += 300 + below(30_000);
    const payload = message(id, flags, [question(text, type)], answers, authorities);
    const udp = { sourcePort: 53, destinationPort: port };
    return [sent, [us, frame({ ethernet: back, ...ip("back"), udp, payload })]];
  });
  return atTimes(events);
}
