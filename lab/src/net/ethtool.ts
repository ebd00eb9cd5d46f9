// The three questions of ethtool's that the lab asks by ioctl: how many statistics, their names, their values.
import { AF_INET, close, inNamespace, ioctl, mapAnonymous, SOCK_DGRAM, socket, unmap } from "../sys/index.js";

// @source include/uapi/linux/ethtool.h and sockios.h
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GSTRINGS = 0x1b;
const ETHTOOL_GSTATS = 0x1d;
const ETHTOOL_GSSET_INFO = 0x37;
const ETH_SS_STATS = 1;
/** Each name takes this many bytes, filled up with zeroes. */
export const ETH_GSTRING_BYTES = 32;

const IFREQ_BYTES = 40;
const IFREQ_DATA = 16;
const BUFFER_BYTES = 64 * 1024;
const STRINGS_HEADER_BYTES = 12;
const STATS_HEADER_BYTES = 8;

/** An interface to ask. Any thread may ask, from any namespace. */
export interface EthtoolSocket {
  /** All names, `ETH_GSTRING_BYTES` each. */
  statisticNames(): Uint8Array;
  /** As many u64 in host order; the view is good until the next question. */
  statistics(count: number): DataView;
  close(): void;
}

/**
 * Opens an interface for questions.
 *
 * @param path namespace file @param device interface name there
 * @throws SysError ENODEV at the first question where there is no such interface.
 */
export function openEthtool(path: string, device: string): EthtoolSocket {
  // A socket belongs for good to the namespace it was opened in.
  const fd = inNamespace(path, () => socket(AF_INET, SOCK_DGRAM, 0));
  const memory = mapAnonymous(BUFFER_BYTES);
  const view = new DataView(memory.buffer);
  const request = new Uint8Array(IFREQ_BYTES);
  request.set(new TextEncoder().encode(device));
  new DataView(request.buffer).setBigUint64(IFREQ_DATA, BigInt(memory.address), true);
  const ask = (command: number, words: readonly number[]): void => {
    [command, ...words].forEach((word, index) => {
      view.setUint32(index * 4, word, true);
    });
    ioctl(fd, SIOCETHTOOL, request, `read the statistics of ${device}`);
  };
  return {
    statisticNames(): Uint8Array {
      ask(ETHTOOL_GSSET_INFO, [0, 1 << ETH_SS_STATS, 0]);
      const count = view.getUint32(16, true);
      ask(ETHTOOL_GSTRINGS, [ETH_SS_STATS, count]);
      return new Uint8Array(memory.buffer, STRINGS_HEADER_BYTES, count * ETH_GSTRING_BYTES).slice();
    },
    statistics(count: number): DataView {
      ask(ETHTOOL_GSTATS, [count]);
      return new DataView(memory.buffer, STATS_HEADER_BYTES, count * 8);
    },
    close(): void {
      close(fd);
      unmap(memory);
    },
  };
}
