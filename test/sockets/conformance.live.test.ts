// The other half of conformance.test.ts: Linux, on the loopback interface, says the same.
import { judgeSentence, kernelWorld, type Sentence, sentences } from "ringside/sockets";
import { describe, expect, test } from "vitest";

describe("on Linux", () => {
  const world = kernelWorld();
  test.each(sentences.map((sentence): [string, Sentence] => [sentence.sentence, sentence]))(
    "%s",
    (_, sentence) => {
      expect(judgeSentence(sentence, world).trouble).toBeNull();
    },
  );
});
