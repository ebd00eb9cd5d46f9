// Reading and changing maps, and sending packets to what they hold.
import { failure, type Helper, type HelperWorld } from "./helper.js";

// XDP_REDIRECT, XDP_ABORTED. @source include/uapi/linux/bpf.h, enum xdp_action
const REDIRECT = 4n;
const ABORTED = 0n;
/** The lower two bits of the flags are the verdict for a missing entry. */
const ACTION_MASK = 3n;
const BROADCAST_FLAGS = 0x18n;

function keyOf(world: HelperWorld, map: bigint, key: bigint): Uint8Array {
  return world.memory.bytes("read", key, world.mapAt(map).definition.keyBytes);
}

const lookup: Helper = (world, map, key) => world.mapAt(map).lookup(keyOf(world, map, key));

const update: Helper = (world, map, key, value, flags) => {
  const target = world.mapAt(map);
  const bytes = world.memory.bytes("read", value, target.definition.valueBytes);
  return failure(target.update(keyOf(world, map, key), bytes, Number(flags)));
};

const remove: Helper = (world, map, key) => failure(world.mapAt(map).delete(keyOf(world, map, key)));

/** @source include/linux/filter.h, __bpf_xdp_redirect_map */
const redirectMap: Helper = (world, map, key, flags) => {
  const target = world.mapAt(map);
  const allowed = target.definition.type === 17 || target.definition.type === 16 ? 0n : BROADCAST_FLAGS;
  if ((flags & ~(ACTION_MASK | allowed)) !== 0n) return ABORTED;
  const index = new Uint8Array(4);
  new DataView(index.buffer).setUint32(0, Number(key & 0xffff_ffffn), true);
  return target.lookup(index) === 0n ? flags & ACTION_MASK : REDIRECT;
};

/** @source net/core/filter.c, bpf_xdp_redirect */
const redirect: Helper = (_world, _ifindex, flags) => (flags === 0n ? REDIRECT : ABORTED);

/** The machine has one CPU, so nobody else can hold a lock. */
const lock: Helper = () => 0n;

/** By the names of include/uapi/linux/bpf.h, without `bpf_`. */
export const MAP_HELPERS: Readonly<Record<string, Helper>> = {
  map_lookup_elem: lookup,
  map_update_elem: update,
  map_delete_elem: remove,
  redirect_map: redirectMap,
  redirect,
  spin_lock: lock,
  spin_unlock: lock,
};
