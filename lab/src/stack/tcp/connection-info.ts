// What can be seen of a connection from outside: for pictures, and for whoever asks why a stream is slow.
import type { ConnectionState } from "../endpoint.js";
import { seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";

/** What a connection knows of its path and its peer, as TCP_INFO says it of a kernel's. */
export interface ConnectionInfo {
  state: ConnectionState;
  /** Bytes per segment. */
  mss: number;
  cwndBytes: number;
  ssthreshBytes: number;
  /** Bytes sent and not acknowledged. */
  flightBytes: number;
  sendWindowBytes: number;
  receiveWindowBytes: number;
  /** -1 before the first sample. */
  srttMs: number;
  rttvarMs: number;
  rtoMs: number;
  sack: boolean;
  inRecovery: boolean;
  /** Initial sequence numbers, ours and the peer's. */
  iss: number;
  irs: number;
}

/** Reads what one connection knows now. */
export function connectionInfo(tcb: Tcb): ConnectionInfo {
  const { congestion, rto } = tcb;
  return {
    state: tcb.state,
    mss: tcb.mss,
    cwndBytes: congestion.cwnd,
    ssthreshBytes: congestion.ssthresh,
    flightBytes: seqDistance(tcb.sndUna, tcb.sndMax),
    sendWindowBytes: tcb.sndWnd,
    receiveWindowBytes: seqDistance(tcb.rcvNxt, tcb.rcvAdv),
    srttMs: rto.srttMs,
    rttvarMs: rto.rttvarMs,
    rtoMs: rto.rtoMs,
    sack: tcb.sackPermitted,
    inRecovery: tcb.inRecovery,
    iss: tcb.iss >>> 0,
    irs: tcb.irs >>> 0,
  };
}
