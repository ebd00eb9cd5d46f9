// A port that waits. Half-open connections are cheap here (no buffer until text flows) and bounded all the
// same: beyond the backlog a SYN is dropped, its sender tries again, and a flood costs a fixed amount.
import { ipv4ToText } from "../../packet/index.js";
import type { ConnectionState, StackAddress, StackFailure, TcpListener } from "../endpoint.js";
import { STACK_EVENT } from "../endpoint.js";
import type { Connection } from "./connection.js";
import type { TcpHost } from "./services.js";

export class Listener implements TcpListener {
  readonly local: Readonly<StackAddress>;
  readonly backlog: number;
  readonly failure: StackFailure | null = null;
  onEvents: ((events: number) => void) | null = null;
  pendingEvents = 0;
  private readonly host: TcpHost;
  private halfOpen = 0;
  private readonly done: Connection[] = [];
  private readonly release: () => void;
  private isOpen = true;

  /** @param release gives the port back, and ends what is half open */
  constructor(host: TcpHost, port: number, backlog: number, release: () => void) {
    this.host = host;
    this.local = { address: host.address, port };
    this.backlog = Math.max(1, backlog);
    this.release = release;
  }

  get state(): ConnectionState {
    return this.isOpen ? "LISTEN" : "CLOSED";
  }

  get acceptable(): number {
    return this.done.length;
  }

  /** Connections whose handshake has begun. */
  get halfOpenCount(): number {
    return this.halfOpen;
  }

  /** Whether another connection may wait for `accept`. */
  get hasRoom(): boolean {
    return this.done.length < this.backlog;
  }

  /** Takes a half-open connection. @returns False where there are too many: its SYN is dropped. @source RFC 4987 section 2 */
  begin(): boolean {
    if (this.halfOpen >= this.backlog || !this.hasRoom) return false;
    this.halfOpen++;
    return true;
  }

  /** Its handshake is done. */
  complete(connection: Connection): void {
    this.halfOpen--;
    this.done.push(connection);
    this.host.board.notice(this, STACK_EVENT.acceptable);
  }

  /** A half-open connection came to nothing. */
  lost(): void {
    this.halfOpen--;
  }

  accept(): Connection | null {
    return this.done.shift() ?? null;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.release();
    for (const connection of this.done.splice(0)) connection.abort();
  }

  toString(): string {
    return `${ipv4ToText(this.local.address)}:${this.local.port}, ${this.state}`;
  }
}
