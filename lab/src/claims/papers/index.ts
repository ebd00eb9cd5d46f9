// The papers and data that the article rests on, each with what it says of itself. One file a group, in the order of their notebooks.
import type { Claim } from "../claim.js";
import { callPapers } from "./calls.js";
import { corePapers } from "./cores.js";
import { systemPapers } from "./systems.js";

/** Named by their systems, authors or titles; they follow the article's claims in the ledger. */
export const papers: readonly Claim[] = [...callPapers, ...corePapers, ...systemPapers];
