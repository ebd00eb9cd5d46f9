// %% [markdown]
// # Packets by the block
//
// **Question:** if packets come through shared memory, what is left of the kernel's work for each of them?
//
// **Minutes:** 20 to read and think, half a minute to run.
//
// **Needs:** Linux and root, because the notebook makes two network namespaces with a wire between them, opens a packet
// socket and counts with the kernel's tracepoints. It touches no interface of yours. The exercise needs no root.
//
// **Mode:** live. Without root the wire of this notebook is left out, the measurement shows what another machine recorded, and the
// exercise works.

// %% [markdown]
// ## A row of blocks
//
// `tcpdump` and its kin read frames from a **packet socket**: a tap at the entrance of the network stack that gets a copy of
// every frame. In its plain form each frame costs a system call. **PACKET_MMAP** (here its third version, `TPACKET_V3`)
// replaces the calls by memory: the socket's buffer is a row of large **blocks** that kernel and program both see.
//
// There are no cursors. Each block says in its own header whose it is: one word, one bit. The kernel fills a block with packet
// behind packet, and hands it over when it is full, or when its time is over. We read all of it and clear the bit.

// %% id="open"
import {
  barFigure, bytesFigure, check, display, environmentProvenance, formatCount, htmlTable, ifPossible, inNamespace,
  interruptSignal, liveDisplay, measure, openPacketReceiver, predict, predictionFigure, recordEnvironment, snapshotBlocks,
  Testbed, testFrame, twoHosts, whenMeasured, type BlockParser, type ParsedPacket,
} from "ringside";

const here = environmentProvenance(recordEnvironment());

/** Two hosts, a wire, and a tap at the second one's end. */
function openTap() {
  const testbed = Testbed.create(twoHosts());
  const frame = testFrame(testbed.end("a"), testbed.end("b"));
  const injector = testbed.injector("a", frame);
  const tap = testbed.own(
    inNamespace(testbed.path("b"), () =>
      openPacketReceiver({ interfaceName: "veth-b", blockBytes: 4096, blocks: 8, retireMs: 60 }),
    ),
  );
  return { testbed, frame, injector, tap };
}
const wire = ifPossible(openTap); // null without root

/** The blocks as their own headers describe them. */
function picture(title: string) {
  const { ring } = wire!.tap;
  const bars = snapshotBlocks(ring.bytes, ring.spec).map((each) => {
    const isOurs = each.owner === "us";
    const whose = isOurs ? `ours: ${each.because}` : "the kernel's";
    return { name: `block ${each.block}, ${whose}`, value: isOurs ? each.packets : 0 };
  });
  const note = "packets that wait for us in each block of 4096 bytes, read from the block's own header";
  const axis = { label: "packets", unit: "", scale: "linear" } as const;
  return barFigure({ title, note, provenance: here, axis, bars });
}

if (wire) display(picture("Before the first packet every block is the kernel's"));

// %% [markdown]
// Watch blocks change hands. 28 packets of 60 bytes fill a block; what does not fill one waits until its time, 60 ms here, is over.

// %% id="watch"
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads all packets of the blocks that are ours, and gives the blocks back. Returns how many. */
function takeBlocks(): number {
  const { ring } = wire!.tap;
  let packets = 0;
  for (let ready = ring.peek(); ready > 0; ready = ring.peek()) {
    for (let i = 0; i < ready; i++) ring.read();
    packets += ready;
    ring.release();
  }
  return packets;
}

async function watchRounds(rounds: number): Promise<void> {
  const shown = liveDisplay();
  const stop = interruptSignal();
  for (let round = 1; round <= rounds; round++) {
    stop.throwIfAborted();
    wire!.injector.injectNow(70);
    shown.update(picture(`Round ${round}: 70 packets came; two full blocks are ours, the rest is not yet`));
    await pause(250);
    shown.update(picture(`Round ${round}: the third block's time is over`));
    if (round === rounds) break;
    await pause(250);
    const packets = takeBlocks();
    shown.update(picture(`Round ${round}: we read ${packets} packets, and gave all blocks back`));
    await pause(250);
  }
  shown.finish();
}

if (wire) await watchRounds(3);

// %% [markdown]
// ## What a block looks like
//
// Four numbers of the block's header matter, and three of each packet's. This is a block that the kernel filled just now.

// %% id="bytes"
/** Draws the block that the kernel fills next, with the numbers that its two headers hold. */
function drawBlock({ injector, tap }: NonNullable<typeof wire>): void {
  takeBlocks();
  injector.injectNow(2);
  tap.wait(1000);
  const { spec, bytes: ringBytes, current } = tap.ring;
  const block = ringBytes.slice(current * spec.blockBytes, (current + 1) * spec.blockBytes);
  const view = new DataView(block.buffer);
  const field = (name: string, offset: number, length: 2 | 4, layer: string) => {
    const value = length === 4 ? view.getUint32(offset, true) : view.getUint16(offset, true);
    return { name, offset, length, value: `${value}`, layer };
  };
  const firstPacket = view.getUint32(16, true);
  display(
    bytesFigure({
      title: "The first 128 bytes of a block: its header, and the header of its first packet",
      note: "all numbers little end first; the Ethernet header of the first packet lies further on",
      bytes: block.subarray(0, 128),
      fields: [
        field("status", 8, 4, "block"),
        field("packets", 12, 4, "block"),
        field("first at", 16, 4, "block"),
        field("in use", 20, 4, "block"),
        field("next at +", firstPacket, 4, "packet"),
        field("captured", firstPacket + 12, 4, "packet"),
        field("on the wire", firstPacket + 16, 4, "packet"),
        field("frame at +", firstPacket + 24, 2, "packet"),
      ],
      provenance: here,
    }),
  );
  console.log(`Read ${takeBlocks()} packets.`);
}

if (wire) drawBlock(wire);

// %% [markdown]
// ## Claim
//
// > Either way packets reach user space with hardly any help from the OS.
//
// Claim C19 of the article, with C15 (who does the packet I/O depends on the architecture). It speaks of DPDK and netmap; let us see
// how far a ring alone goes. Two claims, each exact enough to be false: **65 536 packets through a ring of blocks take less than
// one system call per 100 packets**, and **each of them still costs one socket buffer**. Source of the mechanism:
// `Documentation/networking/packet_mmap.rst` and `net/packet/af_packet.c`, `tpacket_rcv`, v6.18.
//
// ## Predict
//
// 65 536 packets come at 200 000 a second. The receiver looks at its block, and sleeps by `poll` when it is the kernel's. How many
// calls that ask or wait for packets does it make, all in all? And how many socket buffers (skbs) enter the receiver's stack?

// %% id="guess"
const guessCalls = predict(10_000, "calls");
const guessSkbs = predict(1000, "skbs");

// %% [markdown]
// ## Measure
//
// The same packets also come by one system call each (`recvmsg`), and by AF_XDP. The first must show 65 536 calls and the last no
// skb at all, or the counters are not worth much. While those are counted, the packets are at hand: a receiver that needs to
// ask for them has to, one that does not need to does not.

// %% id="measure"
const events = await measure.packetMmapEvents({ guess: guessCalls });
console.log(events.status === "ok" ? events.guess.text : events.reason);

// %% [markdown]
// ## Plot

// %% id="plot-calls"
display(
  whenMeasured(events, ({ atWork, ways: [recvmsg] }, provenance) =>
    predictionFigure({
      title: `${formatCount(atWork.received)} packets by PACKET_MMAP took ${atWork.receiving} calls`,
      note: "at 200 000 packets a second, sleeping included; below, a receiver that asks each time",
      axis: { label: "system calls that ask or wait for packets", unit: "", scale: "log" },
      predictions: [
        { name: "PACKET_MMAP, at work", guess: guessCalls, measured: atWork.receiving },
        { name: "a receiver that asks for each packet", control: true, guess: recvmsg!.received, measured: recvmsg!.receiving! },
      ],
      provenance,
    }),
  ),
);

// %% id="plot-skbs"
display(
  whenMeasured(events, ({ ways }, provenance) =>
    barFigure({
      title: "The ring saves the calls and not one socket buffer",
      note: "skbs that entered the receiver's stack for 65 536 packets; the dot is your guess",
      axis: { label: "skbs", unit: "", scale: "linear" },
      bars: ways.map(({ title, path, skbs }) =>
        path === "packet-mmap" ? { name: title, value: skbs, guess: guessSkbs.low } : { name: title, value: skbs },
      ),
      provenance,
    }),
  ),
);
display(
  whenMeasured(events, ({ ways }, provenance) =>
    htmlTable(
      ["way", "packets", "calls for packets", "skbs", "copies a packet"].map((name) => ({ name })),
      ways.map(({ title, received, receiving, skbs, copies }) => [title, received, receiving ?? "-", skbs, copies]),
      { title: "Three ways for 65 536 packets that are at hand", provenance },
    ),
  ),
);

// %% [markdown]
// ## Explain

// %% id="explain"
if (events.status === "ok") {
  const { atWork } = events.outcome;
  const each = Math.round(atWork.received / Math.max(1, atWork.receiving));
  console.log(`At work: one call for ${each} packets. Of ${atWork.offered}, ${atWork.lost} were lost.`);
  for (const { hop, packets } of atWork.losses) console.log(`  ${packets} at: ${hop}`);
  console.log(`Other calls of that thread: ${atWork.other}.`);
}

// %% [markdown]
// The other calls are the JavaScript engine's own, and the lab's when a run begins and ends.
//
// **What this shows.** One look at one word brings a whole block, so calls are rare: one for each block that is handed over. One
// that is not full goes after the millisecond that we ask for: on Linux 6.18 by a high-resolution timer, on older kernels at the next tick
// after it, which may be 10 ms away. They follow the time and not the packets: at a tenth of the rate each would bring a tenth as many. And still the tap sits *behind* the place where the skb
// is made. The kernel allocates an skb for each frame, walks it into the stack, copies its bytes into our block, and lets the stack
// go on with it as if nobody had looked. C19 is half true here: hardly any help that we *ask* for, and all the work as before.
//
// **What it does not show.** Time: we counted under tracing. Nor what makes blocks awkward: a packet waits for its block to fill
// or to expire, so at low rates the ring adds milliseconds of latency. On a veth the kernel's work for a packet is done on the CPU that sends, where
// nobody sees it in the receiver's time. And a NIC would change nothing of the count of skbs:
// only what decides *before* the skb (XDP), or takes the NIC away from the kernel (DPDK), does.
//
// ## Exercise: parse a block
//
// Write `parseBlock(block)`: the bytes of one block in, a list of its packets out, each with the place of its Ethernet header in the
// block (`at`) and its captured length. A block that is the kernel's has no packets for you. One that says what cannot be is an
// error to throw. The picture above has all the numbers; change nothing in the block.

// %% id="parse-a-block" tags=["exercise"]
// BEGIN SOLUTION
const parseBlock: BlockParser = (block) => {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const u32 = (at: number) => view.getUint32(at, true);
  if ((u32(8) & 1) === 0) return [];
  const packets: ParsedPacket[] = [];
  let header = u32(16);
  for (let left = u32(12); left > 0; left--) {
    const at = header + view.getUint16(header + 24, true);
    const lengthBytes = u32(header + 12);
    if (at + lengthBytes > block.length) throw new RangeError(`the packet at byte ${at} leaves its block`);
    packets.push({ at, lengthBytes });
    header += u32(header);
  }
  return packets;
};
// END SOLUTION
// BEGIN STARTER
// | const parseBlock: BlockParser = (block) => {
// |   const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
// |   const u32 = (at: number) => view.getUint32(at, true);
// |   const packets: ParsedPacket[] = []; // { at, lengthBytes } of each
// |   return packets;
// | };
// END STARTER

const parseReport = await check("32-packet-mmap/parse-a-block", parseBlock);
display(parseReport);

// %% [markdown]
// Once it passes, it reads blocks that this kernel fills.

// %% id="your-parser-live"
async function parseRealBlocks({ tap: { ring }, injector, frame }: NonNullable<typeof wire>, rounds: number): Promise<void> {
  let packets = 0;
  let right = 0;
  for (let round = 0; round < rounds; round++) {
    injector.injectNow(40);
    await pause(150); // the second block's time must be over
    for (; ring.peek() > 0; ring.release()) {
      const start = ring.current * ring.spec.blockBytes;
      const real = ring.bytes.subarray(start, start + ring.spec.blockBytes);
      for (const { at, lengthBytes } of parseBlock(real)) {
        packets++;
        if (lengthBytes === frame.length && real[at + 12] === frame[12]) right++;
      }
    }
  }
  console.log(`${packets} of ${rounds * 40} packets found in real blocks, ${right} of them as they were sent.`);
}

if (wire && parseReport.passed) await parseRealBlocks(wire, 5);
else console.log("When the check above passes, this cell runs your parser on real blocks, for which it takes root.");

// %% [markdown]
// ## Tear down, and what we now believe
//
// The last cell removes the tap, the wire and both namespaces. What we take along, where your run agrees:
//
// - A ring of blocks turns thousands of system calls into a handful: one hand-over for as many packets as a block holds.
// - It does not bypass the stack. The skb is made, the stack runs, one more copy is made: C10 holds for each packet, and C19 for the calls alone.
// - A ring is memory that somebody else wrote: compare before you believe.
//
// Next: **33-af-xdp**, a ring in front of the skb.

// %% id="tear-down"
wire?.testbed.close();
console.log(wire ? "Closed: tap, wire and both namespaces are gone." : "Nothing was opened here.");
