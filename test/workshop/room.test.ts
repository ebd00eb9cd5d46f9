// A room without its pages: who gets in, under which name, and what survives a crash.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  type Agenda,
  cleanName,
  distinctName,
  isRoomCode,
  MOST_LEARNERS,
  newRoomCode,
  Room,
  roomFolder,
  stateFile,
} from "ringside/workshop";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const section = { notebook: "20-small", releases: ["20-small/one"], notes: "" };
const agenda: Agenda = {
  title: "T",
  about: "",
  sections: [
    { ...section, title: "First", minutes: 10 },
    { title: "Break", minutes: 5, notebook: null, releases: [], notes: "" },
  ],
};

let folder: string;
let room: Room;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringside-test-room-"));
  room = new Room(agenda, "mine", stateFile(folder), null);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const again = (): Room => new Room(agenda, "mine", stateFile(folder), stateFile(folder).read());

describe("a code", () => {
  test("is six letters and digits that nobody confuses, and a new one each time", () => {
    const codes = Array.from({ length: 200 }, newRoomCode);
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{3}-[2-9A-HJKMNP-TV-Z]{3}$/);
    expect(new Set(codes).size).toBe(200);
  });

  test("may be typed in small letters, without the dash, with spaces; and nothing else opens", () => {
    expect(isRoomCode(" k7m 4qp", "K7M-4QP")).toBe(true);
    for (const wrong of ["", "K7M-4Q", "K7M-4QPP", "K7M-4QQ", "K7M-4QP\u0000", "*"]) {
      expect(isRoomCode(wrong, "K7M-4QP"), wrong).toBe(false);
    }
  });
});

describe("a name", () => {
  test.each([
    ["  Ada   Lovelace\n", "Ada Lovelace"],
    ["\u202eadA", "adA"],
    ["A\u200bd\u0000a\u2028x", "A d a x"],
    ["Zalgo\u0301\u0302\u0303\u0304\u0305", "Zalgo\u0301\u0302\u0303"],
    ["<b>x</b>", "<b>x</b>"],
    ["李", "李"],
    ["x".repeat(300), "x".repeat(40)],
  ])("typed as %j is shown as %j", (typed, shown) => {
    expect(cleanName(typed)).toBe(shown.normalize("NFC"));
  });

  test.each(["", "   ", "\u200b\u200d", "\u0301", "\u2029"])("of %j is none", (typed) => {
    expect(cleanName(typed)).toBeNull();
  });

  test("is one line of at most 40 characters without controls, whatever was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (typed) => {
        const name = cleanName(typed);
        if (name === null) return;
        expect([...name].length).toBeLessThanOrEqual(40);
        expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(cleanName(name)).toBe(name);
      }),
    );
  });

  test("is nobody else's: case and look-alike forms do not make another", () => {
    expect(distinctName("Ada", ["Bob"])).toBe("Ada");
    expect(distinctName("ADA", ["Ada", "ada 2"])).toBe("ADA 3");
    expect(distinctName("Ａda", ["Ada"])).toBe("Ａda 2");
  });
});

describe("the door", () => {
  test("lets in who has the code, each with a number, a name and a secret of his own", () => {
    const learners = [room.join(room.code, "Ada", ""), room.join(room.code, "ada", "")];
    expect(learners.map(({ id, name }) => [id, name])).toEqual([
      ["01", "Ada"],
      ["02", "ada 2"],
    ]);
    expect(learners[0]!.token).not.toBe(learners[1]!.token);
  });

  test("says why not: wrong code, no name, closed, full, over", () => {
    expect(() => room.join("AAA-AAA", "Ada", "")).toThrow("not the room's code");
    expect(() => room.join(room.code, " ", "")).toThrow("at least one letter");
    room.openDoor(false);
    expect(() => room.join(room.code, "Ada", "")).toThrow("The door is closed");
    room.openDoor(true);
    for (let n = 0; n < MOST_LEARNERS; n++) room.join(room.code, "Ada", "");
    expect(() => room.join(room.code, "Ada", "")).toThrow(
      `The room is full: it has ${MOST_LEARNERS} learners`,
    );
    room.end();
    expect(() => room.join(room.code, "Ada", "")).toThrow("The workshop is over");
  });

  test("gives nobody the folder of one who was sent away", () => {
    const ada = room.join(room.code, "Ada", "");
    room.remove(ada.id);
    expect(room.learners).toEqual([]);
    expect(room.join(room.code, "Eve", "").id).toBe("02");
  });
});

describe("a section", () => {
  test("runs for its minutes from when it is begun, and may be given more", () => {
    expect(room.now).toBeNull();
    expect(() => room.addMinutes(5)).toThrow("no section runs");
    room.begin(0);
    const { until, at } = room.now!;
    expect(until - at).toBe(600_000);
    room.addMinutes(5);
    expect(room.now!.until - at).toBe(900_000);
    room.begin(1);
    expect(room.now!.plan.title).toBe("Break");
    expect(() => room.begin(2)).toThrow(RangeError);
  });

  test("releases what the agenda names and nothing else", () => {
    room.release(["20-small/one"]);
    expect(room.released).toEqual(["20-small/one"]);
    expect(() => room.release(["20-small/two"])).toThrow("the agenda does not name it");
  });
});

describe("after a crash", () => {
  test("the room has its code, its learners with their secrets, hands, section and releases", () => {
    const ada = room.join(room.code, "Ada", "an old browser");
    room.raiseHand(ada.id, true);
    room.begin(0);
    room.release(["20-small/one"]);
    const other = again();
    expect([other.code, other.boardToken, other.released]).toEqual([
      room.code,
      room.boardToken,
      room.released,
    ]);
    expect(other.learners).toEqual(room.learners);
    expect(other.now).toEqual(room.now);
  });

  test("secrets are readable by their owner alone", () => {
    expect(statSync(join(folder, "room.json")).mode & 0o777).toBe(0o600);
  });

  test("a state that a crash or a hand spoilt is no state", () => {
    writeFileSync(join(folder, "room.json"), readFileSync(join(folder, "room.json"), "utf8").slice(0, 90));
    expect(stateFile(folder).read()).toBeNull();
  });

  test("its folder is found again; an ended room's is not, so that nobody finds another's notebooks", () => {
    const first = roomFolder(folder, "mine", "2026-11-24");
    new Room(agenda, "mine", stateFile(first), null);
    expect(roomFolder(folder, "mine", "2026-11-25")).toBe(first);
    new Room(agenda, "mine", stateFile(first), stateFile(first).read()).end();
    const second = roomFolder(folder, "mine", "2026-11-24");
    expect(second).not.toBe(first);
    expect(readdirSync(second)).toEqual([]);
  });
});
