// The part of pcap-parser 0.2.1 that the lab uses; the package has no types of its own.
declare module "pcap-parser" {
  /** What it asks of its input: a flowing stream that it may pause and resume. */
  export interface Input {
    pause(): void;
    resume(): void;
    on(event: "data", listener: (chunk: Uint8Array) => void): void;
    on(event: "error", listener: (error: Error) => void): void;
    on(event: "end", listener: () => void): void;
  }

  export interface PacketHeader {
    timestampSeconds: number;
    timestampMicroseconds: number;
    capturedLength: number;
    originalLength: number;
  }

  export interface Parser {
    on(event: "packetHeader", listener: (header: PacketHeader) => void): this;
    on(event: "packet", listener: (packet: { header: PacketHeader; data: Uint8Array }) => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    on(event: "end", listener: () => void): this;
  }

  export function parse(input: Input): Parser;
}
