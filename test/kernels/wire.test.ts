import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";

interface Message {
  readonly identities: Buffer[];
  readonly header: { readonly msg_type: string; readonly msg_id: string };
  readonly parent: object;
  readonly content: object;
}
const { decode, encode } = createRequire(import.meta.url)("../../kernels/jupyter/wire.cjs") as {
  decode(key: string, frames: Buffer[]): Message;
  encode(key: string, message: { prefix: Buffer[]; type: string; parent: object; content: object }): Buffer[];
};

const message = { prefix: [Buffer.from("id")], type: "status", parent: { msg_id: "p" }, content: { a: "ä" } };

describe("a Jupyter message on the wire", () => {
  test.each(["secret", ""])("is read back as it was written, with key %j", (key) => {
    const read = decode(key, encode(key, message));
    expect(read).toMatchObject({
      parent: { msg_id: "p" },
      content: { a: "ä" },
      header: { msg_type: "status" },
    });
    expect(read.identities).toEqual([Buffer.from("id")]);
  });

  test("has an id of its own", () => {
    const ids = [1, 2].map(() => decode("", encode("", message)).header.msg_id);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test("is refused when signed with another key, or altered", () => {
    expect(() => decode("other", encode("secret", message))).toThrow("its signature does not match");
    const frames = encode("secret", message);
    frames[frames.length - 1] = Buffer.from("{}");
    expect(() => decode("secret", frames)).toThrow("its signature does not match");
  });

  test("is refused without its delimiter", () => {
    expect(() => decode("", [Buffer.from("x")])).toThrow("it has no <IDS|MSG> delimiter");
  });
});
