// What a run did to its maps: they are read before and after it, and compared entry by entry.
import { type CValue, decodeValue, printValue } from "../bpf/index.js";
import { addUp, hasSum } from "./map-total.js";
import type { TypedMap } from "./typed-map.js";

/** One entry of a map that a run made, changed or removed, in the C text's own types. Of a per-CPU map's values it has the sum, and where they have none all of them. */
export interface MapChange {
  /** The map's name in the C text. */
  readonly map: string;
  readonly key: CValue;
  /** null where the run made the entry. */
  readonly before: CValue | null;
  /** null where the run removed it. */
  readonly after: CValue | null;
}

interface Entry {
  readonly key: CValue;
  readonly value: CValue;
}

/** Entries by map, then by their key in words. */
type Image = ReadonlyMap<TypedMap, ReadonlyMap<string, Entry>>;

/** Runs something, and says what it changed in these maps. Costs a system call or two for each entry, twice. */
export function watchMaps<T>(maps: readonly TypedMap[], run: () => T): { result: T; changes: MapChange[] } {
  const before = imageOf(maps);
  const result = run();
  const after = imageOf(maps);
  return { result, changes: maps.flatMap((map) => changesOf(map, before, after)) };
}

function imageOf(maps: readonly TypedMap[]): Image {
  return new Map(maps.map((map) => [map, entriesOf(map)]));
}

function entriesOf(map: TypedMap): ReadonlyMap<string, Entry> {
  const entries = map.raw.keys().flatMap((raw): [string, Entry][] => {
    const bytes = map.raw.lookup(raw);
    if (bytes === null) return [];
    const values = map.raw.split(bytes).map((each) => decodeValue(map.valueLayout, each));
    const key = decodeValue(map.keyLayout, raw);
    const value = hasSum(values[0]) ? addUp(values, map.name) : values;
    return [[printValue(key), { key, value }]];
  });
  return new Map(entries);
}

function changesOf(map: TypedMap, before: Image, after: Image): MapChange[] {
  const [old, now] = [before.get(map)!, after.get(map)!];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): MapChange[] => {
    const [was, is] = [old.get(name), now.get(name)];
    const change = {
      map: map.name,
      key: (is ?? was)!.key,
      before: was?.value ?? null,
      after: is?.value ?? null,
    };
    return printOrNone(change.before) === printOrNone(change.after) ? [] : [change];
  });
}

function printOrNone(value: CValue | null | undefined): string {
  if (value === undefined) return "?";
  return value === null ? "none" : printValue(value);
}

/** A change that somebody expects: what was there before may be left out. */
export type ExpectedChange = Omit<MapChange, "before"> & Partial<Pick<MapChange, "before">>;

/** A change in words: `types[2048]: none -> 1`; `?` for what was left out. */
export function describeChange({ map, key, before, after }: ExpectedChange): string {
  return `${map}[${printValue(key)}]: ${printOrNone(before)} -> ${printOrNone(after)}`;
}
