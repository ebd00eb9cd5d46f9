// One suite, judged twice: what POSIX and the RFCs say has to be true of our library, and the kernel has to agree.
import { judgeSentence, modelWorld, type Sentence, sentences } from "ringside/sockets";
import { describe, expect, test } from "vitest";

test("there are at least sixty sentences, and no two are the same", () => {
  const texts = sentences.map(({ sentence }) => sentence);
  expect(texts.length).toBeGreaterThanOrEqual(60);
  expect(new Set(texts).size).toBe(texts.length);
});

describe("on our own stack", () => {
  test.each(sentences.map((sentence): [string, Sentence] => [sentence.sentence, sentence]))(
    "%s",
    (_, sentence) => {
      expect(judgeSentence(sentence, modelWorld({ seed: 1 })).trouble).toBeNull();
    },
  );

  test("what is said of streams is still true on a wire that loses, repeats and reorders", () => {
    const faults = { loss: 0.1, duplicate: 0.05, reorder: 0.1 };
    const streams = sentences.filter(({ source }) => /RFC 9293|SOCK_STREAM/.test(source));
    expect(streams.length).toBeGreaterThan(10);
    for (let seed = 1; seed <= 20; seed++) {
      for (const sentence of streams) {
        const { trouble } = judgeSentence(sentence, modelWorld({ seed, ...faults }));
        expect(trouble, `seed ${seed}: ${sentence.sentence}`).toBeNull();
      }
    }
  });
});
