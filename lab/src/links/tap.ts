// A tap on a link: everything that passes, each way, with its moment. What it is told it must copy, for the
// bytes belong to the link.
import type { Clock, FrameHandler, FrameLink, SpareMemory } from "../stack/index.js";

/** Sees one frame as it passes. @param way from the stack's side */
export type TapHandler = (
  way: "in" | "out",
  bytes: Uint8Array,
  start: number,
  end: number,
  atMs: number,
) => void;

/** `FrameLink` says what its methods do. */
export class TapLink implements FrameLink {
  readonly mac: string;
  readonly mtu: number;
  readonly bytes: Uint8Array;
  readonly spare: SpareMemory | undefined;
  private readonly link: FrameLink;
  private readonly clock: Clock;
  private readonly onFrame: TapHandler;

  constructor(link: FrameLink, clock: Clock, onFrame: TapHandler) {
    this.mac = link.mac;
    this.mtu = link.mtu;
    this.bytes = link.bytes;
    this.spare = link.spare;
    this.link = link;
    this.clock = clock;
    this.onFrame = onFrame;
  }

  reserve(length: number): number {
    return this.link.reserve(length);
  }

  submit(start: number, length: number): void {
    this.onFrame("out", this.bytes, start, start + length, this.clock.nowMs());
    this.link.submit(start, length);
  }

  flush(): void {
    this.link.flush();
  }

  poll(handler: FrameHandler, limit: number): number {
    return this.link.poll((bytes, start, end) => {
      this.onFrame("in", bytes, start, end, this.clock.nowMs());
      handler(bytes, start, end);
    }, limit);
  }

  close(): void {
    this.link.close();
  }
}
