import {
  buildKvRequest,
  isKvRequest,
  isWholeKvValue,
  KV_AT,
  KV_BY,
  KV_MESSAGE_BYTES,
  KV_OP,
  KV_STATUS,
  KvStore,
  makeKvValue,
  readKvMessage,
} from "ringside/keyvalue";
import { describe, expect, test } from "vitest";

describe("a message", () => {
  test("says what was put into it", () => {
    const value = makeKvValue(7, 99);
    const bytes = buildKvRequest("put", 7, 2 ** 40 + 1, value);
    expect(bytes).toHaveLength(KV_MESSAGE_BYTES);
    expect(readKvMessage(bytes)).toEqual({
      op: KV_OP.put,
      status: KV_STATUS.request,
      by: KV_BY.nobody,
      id: 2 ** 40 + 1,
      key: 7,
      version: 0,
      value,
    });
  });

  test("is no request unless length, magic, operation and status say so", () => {
    const request = buildKvRequest("get", 1, 1);
    expect(isKvRequest(request, 0, KV_MESSAGE_BYTES)).toBe(true);
    expect(isKvRequest(request, 0, KV_MESSAGE_BYTES - 1)).toBe(false);
    expect(isKvRequest(request, 0, KV_MESSAGE_BYTES + 1)).toBe(false);
    for (const [at, wrong] of [
      [KV_AT.op, 0],
      [KV_AT.op, 3],
      [KV_AT.status, KV_STATUS.found],
      [KV_AT.magic, 0],
    ] as const) {
      const bytes = request.slice();
      bytes[at] = wrong;
      expect(isKvRequest(bytes, 0, KV_MESSAGE_BYTES)).toBe(false);
    }
  });

  test("is not read from too few bytes", () => {
    expect(readKvMessage(buildKvRequest("get", 1, 1).subarray(0, KV_MESSAGE_BYTES - 1))).toBeNull();
  });

  test("takes no value of another length", () => {
    expect(() => buildKvRequest("put", 1, 1, new Uint8Array(31))).toThrow("a message holds 32");
  });
});

describe("a value that proves itself", () => {
  test("is whole under its own key and no other", () => {
    const value = makeKvValue(5, 1);
    expect(isWholeKvValue(5, value)).toBe(true);
    expect(isWholeKvValue(6, value)).toBe(false);
  });

  test("is not whole when half of it is another's", () => {
    for (let cut = 8; cut < 32; cut += 8) {
      const mixed = makeKvValue(5, 1);
      mixed.set(makeKvValue(5, 2).subarray(cut), cut);
      expect(isWholeKvValue(5, mixed)).toBe(false);
    }
  });
});

describe("the store", () => {
  const ask = (store: KvStore, request: Uint8Array) => {
    store.answer(request, 0);
    return readKvMessage(request)!;
  };

  test("counts versions a key, and answers with the newest value", () => {
    const store = new KvStore();
    expect(ask(store, buildKvRequest("put", 1, 1, makeKvValue(1, 1)))).toMatchObject({
      status: KV_STATUS.stored,
      version: 1,
    });
    expect(ask(store, buildKvRequest("put", 1, 2, makeKvValue(1, 2)))).toMatchObject({ version: 2 });
    expect(ask(store, buildKvRequest("put", 2, 3, makeKvValue(2, 1)))).toMatchObject({ version: 1 });
    const found = ask(store, buildKvRequest("get", 1, 4));
    expect(found).toMatchObject({ status: KV_STATUS.found, by: KV_BY.server, version: 2, id: 4 });
    expect(found.value).toEqual(makeKvValue(1, 2));
  });

  test("says missing for a key that nobody wrote", () => {
    expect(ask(new KvStore(), buildKvRequest("get", 1, 1))).toMatchObject({
      status: KV_STATUS.missing,
      version: 0,
    });
  });
});
