// What POSIX and the RFCs say of sockets, a sentence at a time, each with a small play that shows whether it is true. The
// same sentences are put to Linux and to our library; where both say the same, a program cannot tell them apart.

import { connecting } from "./connecting.js";
import { descriptors } from "./descriptors.js";
import { ending } from "./ending.js";
import { messages } from "./messages.js";
import { naming } from "./naming.js";
import { polling } from "./polling.js";
import { Room, type Sentence, type World } from "./room.js";
import { streaming } from "./streaming.js";

export type { End, Sentence, World } from "./room.js";
export { Room } from "./room.js";

/** Every sentence, in the order in which a reader meets them. */
export const sentences: readonly Sentence[] = [
  ...descriptors,
  ...naming,
  ...connecting,
  ...streaming,
  ...ending,
  ...messages,
  ...polling,
];

/** One sentence, and why it is not true here; null where it is. */
export interface Verdict {
  readonly sentence: string;
  readonly source: string;
  readonly trouble: string | null;
}

/** Puts one sentence to a world. What it opened is closed again. */
export function judgeSentence({ sentence, source, show }: Sentence, world: World): Verdict {
  const room = new Room(world);
  try {
    show(room);
    return { sentence, source, trouble: null };
  } catch (error) {
    return { sentence, source, trouble: (error as Error).message };
  } finally {
    room.clear();
  }
}
