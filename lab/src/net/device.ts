// An interface answers questions by ioctl in microseconds, where starting `ip` or `ethtool` takes milliseconds.
import { AF_INET, close, inNamespace, ioctl, mapAnonymous, SOCK_DGRAM, socket, unmap } from "../sys/index.js";

// @source include/uapi/linux/sockios.h, ethtool.h and if.h
const SIOCGIFFLAGS = 0x8913;
const SIOCGIFMTU = 0x8921;
const SIOCETHTOOL = 0x8946;
const IFF_UP = 1;
const ETHTOOL_GSTRINGS = 0x1b;
const ETHTOOL_GSTATS = 0x1d;
const ETHTOOL_GSSET_INFO = 0x37;
const ETH_SS_STATS = 1;
/** Each name takes this many bytes, filled up with zeroes. */
export const ETH_GSTRING_BYTES = 32;

const IFREQ_BYTES = 40;
const IFREQ_FIELD = 16;
const QUESTION_WORDS = 8;
const BUFFER_BYTES = 64 * 1024;
const STRINGS_HEADER_BYTES = 12;
const STATS_HEADER_BYTES = 8;

/** An interface to ask. Any thread may ask, from any namespace. */
export interface Device {
  /** Set up, whether or not the other end of its wire is. */
  isUp(): boolean;
  /** In bytes, without Ethernet header. */
  mtu(): number;
  /** Names of the driver's statistics, `ETH_GSTRING_BYTES` each. */
  statisticNames(): Uint8Array;
  /** As many u64 in host order; the view is good until the next question. */
  statistics(count: number): DataView;
  close(): void;
}

/**
 * Opens an interface for questions.
 *
 * @param path namespace file @param name interface name there
 * @throws SysError ENODEV at the first question where there is no such interface.
 */
export function openDevice(path: string, name: string): Device {
  // A socket belongs for good to the namespace it was opened in.
  const fd = inNamespace(path, () => socket(AF_INET, SOCK_DGRAM, 0));
  const memory = mapAnonymous(BUFFER_BYTES);
  const words = new Uint32Array(memory.buffer, 0, QUESTION_WORDS);
  const request = new Uint8Array(IFREQ_BYTES);
  const field = new DataView(request.buffer, IFREQ_FIELD);
  request.set(new TextEncoder().encode(name));
  const ask = (number: number, what: string): void => {
    ioctl(fd, number, request, `read ${what} of ${name}`);
  };
  const askEthtool = (...question: number[]): void => {
    words.set(question);
    field.setBigUint64(0, BigInt(memory.address), true);
    ask(SIOCETHTOOL, "the statistics");
  };
  return {
    isUp(): boolean {
      ask(SIOCGIFFLAGS, "the flags");
      return (field.getUint16(0, true) & IFF_UP) !== 0;
    },
    mtu(): number {
      ask(SIOCGIFMTU, "the MTU");
      return field.getUint32(0, true);
    },
    statisticNames(): Uint8Array {
      askEthtool(ETHTOOL_GSSET_INFO, 0, 1 << ETH_SS_STATS, 0);
      const count = words[4]!;
      askEthtool(ETHTOOL_GSTRINGS, ETH_SS_STATS, count);
      return new Uint8Array(memory.buffer, STRINGS_HEADER_BYTES, count * ETH_GSTRING_BYTES).slice();
    },
    statistics(count: number): DataView {
      askEthtool(ETHTOOL_GSTATS, count);
      return new DataView(memory.buffer, STATS_HEADER_BYTES, count * 8);
    },
    close(): void {
      close(fd);
      unmap(memory);
    },
  };
}
