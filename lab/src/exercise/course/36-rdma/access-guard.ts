// What a device asks itself before it lets a request from outside into memory. Nobody else asks: no program of the target runs, and no
// kernel with a page table of its own stands between. So whatever this lets through has happened.
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** A registered region, as its device knows it. */
export interface SharedRegion {
  readonly key: number;
  /** Its first byte. */
  readonly address: number;
  readonly bytes: number;
  /** What may be done there from outside. */
  readonly rights: readonly ("write" | "read")[];
}

/** What came in from the wire. */
export interface RemoteAccess {
  readonly operation: "write" | "read";
  readonly key: number;
  /** Where it begins. */
  readonly address: number;
  /** How long it is, 1 or more. */
  readonly bytes: number;
}

/** Whether a request may be obeyed. */
export type AccessGuard = (regions: readonly SharedRegion[], access: RemoteAccess) => boolean;

/** Two regions side by side: the first ends where the second begins. */
const REGIONS: readonly SharedRegion[] = [
  { key: 0x101, address: 4096, bytes: 1024, rights: ["write", "read"] },
  { key: 0x202, address: 5120, bytes: 512, rights: ["read"] },
];

interface Case extends RemoteAccess {
  readonly says: string;
  readonly allowed: boolean;
  /** The mistake that alone answers otherwise. */
  readonly diagnosis?: string;
}

function judge(guard: AccessGuard, { allowed, diagnosis, operation, key, address, bytes }: Case): Outcome {
  const answer = guard(REGIONS, { operation, key, address, bytes });
  if (answer === allowed) return saw(allowed ? "obeyed" : "refused");
  if (typeof answer !== "boolean") return mismatch(`${allowed}`, `returned ${describeAnswer(answer)}`);
  return mismatch(
    allowed ? "true: nothing speaks against it" : "false: it must be refused",
    answer ? "let it into memory" : "refused it",
    diagnosis,
  );
}

const CASES: readonly Case[] = [
  { says: "a write inside", operation: "write", key: 0x101, address: 4200, bytes: 64, allowed: true },
  {
    says: "a write of the whole region",
    operation: "write",
    key: 0x101,
    address: 4096,
    bytes: 1024,
    allowed: true,
    diagnosis: "refuses the last byte",
  },
  {
    says: "a read of the second region's last byte",
    operation: "read",
    key: 0x202,
    address: 5631,
    bytes: 1,
    allowed: true,
    diagnosis: "knows the first region only",
  },
  {
    says: "a key that nobody was given",
    operation: "write",
    key: 0x303,
    address: 4200,
    bytes: 64,
    allowed: false,
    diagnosis: "asks for no key",
  },
  {
    says: "the right key, 64 bytes before its region",
    operation: "write",
    key: 0x101,
    address: 4032,
    bytes: 64,
    allowed: false,
    diagnosis: "trusts the key alone",
  },
  {
    says: "a write that begins inside and ends 4 bytes behind",
    operation: "write",
    key: 0x101,
    address: 5112,
    bytes: 12,
    allowed: false,
    diagnosis: "looks at the first byte only",
  },
  {
    says: "the second region's key at the first one's address",
    operation: "read",
    key: 0x202,
    address: 4200,
    bytes: 64,
    allowed: false,
    diagnosis: "takes any region that fits",
  },
  {
    says: "a write into a region for reading",
    operation: "write",
    key: 0x202,
    address: 5120,
    bytes: 8,
    allowed: false,
    diagnosis: "forgets the right",
  },
];

const steps: readonly Step<AccessGuard>[] = CASES.map((each) => ({
  action: `${each.says}: ${each.operation} ${each.bytes} bytes at ${each.address}, key 0x${each.key.toString(16)}`,
  play: (guard) => judge(guard, each),
}));

/** Notebook 36: `check("36-rdma/access-guard", guard)`. */
export const accessGuard: Exercise<AccessGuard> = {
  id: "36-rdma/access-guard",
  title: "What the device asks itself",
  points: 4,
  starterSteps: 3,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `access-guard: expected a function guard(regions, access), your code handed in ${describeValue(mine)}`,
  hints: [
    "a request names its region by the key. Which region has that key, and what if none has?",
    "then three things must hold: it begins at or behind the region's first byte, it ends at or before its end, and the right is there.",
    "its end is address + bytes, and so is the region's; equal ends are inside. region.rights.includes(access.operation) is the right.",
  ],
  wrongAnswers: [
    {
      name: "refuses the last byte",
      hint: "a request that ends exactly where the region ends is inside: both ends are the first byte behind, so compare them by <=.",
    },
    {
      name: "knows the first region only",
      hint: "a device has many regions. Find the one whose key the request names.",
    },
    {
      name: "asks for no key",
      hint: "who does not know a region's key has no business there, wherever it points. A request whose key no region has is refused.",
    },
    {
      name: "trusts the key alone",
      hint: "the key says which region is meant, and not that the address lies in it. Whoever knows one key could reach all memory.",
    },
    {
      name: "looks at the first byte only",
      hint: "it begins inside and runs out at the end: the bytes behind the region are somebody else's. Look where it ends, too.",
    },
    {
      name: "takes any region that fits",
      hint: "the address lies in some region, but not in the one that the key names. Judge by that one alone.",
    },
    {
      name: "forgets the right",
      hint: "a region may be open for reading and closed for writing. Ask whether its rights have the operation.",
    },
  ],
  scenarios: [
    scenario<AccessGuard, AccessGuard>({
      name: "into the right memory, and nowhere else",
      given: "region 0x101 from 4096 to 5119 to write and read, region 0x202 from 5120 to 5631 to read only",
      start: (mine) => mine,
      steps,
    }),
  ],
};
