// Runs in a Node.js of its own, whose young generation is so large that nothing is collected while it counts: what the heap
// grows by is then what was allocated. Prints what a frame costs, and, by V8's sampling profiler, which functions made it.
// Arguments: a scenario, the two addresses, and `careless` for a link that makes a copy of each frame.
import { Session } from "node:inspector";
import { getHeapStatistics } from "node:v8";
import { PlainWire, STACK_EVENT, Stack } from "../../lab/dist/stack/index.js";

const WARM_FRAMES = 200_000;
const COUNTED_FRAMES = 100_000;
const [scenario, addressA, addressB, isCareless] = process.argv.slice(2);

/** The hands of this clock are a number that is no object. */
class HandClock {
  hands = new Float64Array(1);
  nowMs() {
    return this.hands[0];
  }
}

const wire = new PlainWire();
const clock = new HandClock();
const a = new Stack({ link: wire.a, clock, address: addressA, seed: 1 });
const b = new Stack({ link: wire.b, clock, address: addressB, seed: 2 });
const into = a.allocate(1 << 16);
const chunk = a.allocate(1 << 16).fill(7);
const frames = () => a.counters.framesIn + b.counters.framesIn;

if (isCareless === "careless") {
  const { link } = b;
  const poll = link.poll.bind(link);
  link.poll = (handler, limit) =>
    poll((bytes, start, end) => handler(bytes.slice(start, end), 0, end - start), limit);
}

function settle() {
  while (a.poll() + b.poll() > 0);
  clock.hands[0] += 0.01;
}

function connect(count) {
  const listener = b.listenTcp(7, count);
  return Array.from({ length: count }, () => {
    const client = a.connectTcp({ address: b.address, port: 7 });
    settle();
    return { client, server: listener.accept() };
  });
}

function stream(bytesBack) {
  const [{ client, server }] = connect(1);
  return () => {
    client.write(chunk);
    server.write(chunk, 0, bytesBack);
    settle();
    while (server.read(into) > 0);
    while (client.read(into) > 0);
    settle();
  };
}

function requests(count) {
  const pairs = connect(count);
  for (const { server } of pairs) {
    server.onEvents = (events) => {
      if ((events & STACK_EVENT.readable) !== 0) server.write(into, 0, server.read(into));
    };
  }
  return () => {
    for (let index = 0; index < count; index++) pairs[index].client.write(chunk, 0, 64);
    settle();
    for (let index = 0; index < count; index++) pairs[index].client.read(into);
  };
}

function datagrams() {
  const [asking, answering] = [a.openUdp(1000), b.openUdp(7)];
  const [from, to] = [
    { address: 0, port: 0 },
    { address: b.address, port: 7 },
  ];
  answering.onEvents = () => {
    for (let got = answering.receiveInto(into, from); got >= 0; got = answering.receiveInto(into, from))
      answering.send(from, into, 0, got);
  };
  return () => {
    for (let index = 0; index < 16; index++) asking.send(to, chunk, 0, 90 * index);
    settle();
    while (asking.receiveInto(into, from) >= 0);
  };
}

const SCENARIOS = {
  "a stream": () => stream(0),
  "a stream each way": () => stream(20_000),
  "requests on one connection": () => requests(1),
  "requests on 32 connections": () => requests(32),
  datagrams,
};
const turn = SCENARIOS[scenario]();

function run(count) {
  const end = frames() + count;
  while (frames() < end) turn();
}

function bytesPerFrame() {
  globalThis.gc();
  const [framesBefore, bytesBefore] = [frames(), getHeapStatistics().used_heap_size];
  run(COUNTED_FRAMES);
  return (getHeapStatistics().used_heap_size - bytesBefore) / (frames() - framesBefore);
}

/** The functions that made most, with bytes a frame. */
async function makers() {
  const session = new Session();
  session.connect();
  const post = (method, parameters) =>
    new Promise((done, fail) =>
      session.post(method, parameters, (error, result) => (error ? fail(error) : done(result))),
    );
  const alsoCollected = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await post("HeapProfiler.startSampling", { samplingInterval: 64, ...alsoCollected });
  run(COUNTED_FRAMES);
  const { profile } = await post("HeapProfiler.stopSampling");
  const places = [];
  const visit = ({ callFrame: { functionName, url, lineNumber }, selfSize, children }) => {
    if (selfSize > COUNTED_FRAMES)
      places.push(
        `${functionName} ${url.split("/dist/").at(-1)}:${lineNumber + 1}, ${selfSize / COUNTED_FRAMES}`,
      );
    children.forEach(visit);
  };
  visit(profile.head);
  return places;
}

run(WARM_FRAMES);
const costs = [bytesPerFrame(), bytesPerFrame(), bytesPerFrame()];
console.log(JSON.stringify({ bytesPerFrame: Math.min(...costs), makers: await makers() }));
