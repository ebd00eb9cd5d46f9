// The kernel describes its own types (BTF). Here only what the lab asks of it: the names of an enum's values
// (why a packet was dropped) and where the fields of a struct lie (the anatomy of an skb on this kernel).
import { NotSupportedError } from "../base/index.js";
import { libbpf } from "./libbpf.js";
import { viewMemory } from "./library.js";

const call = {
  load: libbpf.declare("uintptr_t btf__load_vmlinux_btf()"),
  find: libbpf.declare("int btf__find_by_name_kind(uintptr_t btf, const char *name, uint32_t kind)"),
  type: libbpf.declare("uintptr_t btf__type_by_id(uintptr_t btf, uint32_t id)"),
  name: libbpf.declare("const char *btf__name_by_offset(uintptr_t btf, uint32_t offset)"),
  size: libbpf.declare("int64_t btf__resolve_size(uintptr_t btf, uint32_t id)"),
};

const KIND = { struct: 4, union: 5, enum: 6 } as const;
const HEADER_BYTES = 12;
let kernel = 0;

function kernelBtf(): number {
  kernel ||= Number(call.load());
  if (kernel === 0) {
    throw new NotSupportedError(
      "BTF",
      "CONFIG_DEBUG_INFO_BTF",
      "no /sys/kernel/btf/vmlinux",
      "use a distribution kernel",
    );
  }
  return kernel;
}

/** One type's header: `struct btf_type`, then its members. @source Documentation/bpf/btf.rst */
function typeAt(id: number): {
  address: number;
  count: number;
  bitfields: boolean;
  nameOffset: number;
  kind: number;
} {
  const address = Number(call.type(kernelBtf(), id));
  const head = new DataView(viewMemory(address, HEADER_BYTES));
  const info = head.getUint32(4, true);
  return {
    address,
    count: info & 0xffff,
    bitfields: info >>> 31 === 1,
    nameOffset: head.getUint32(0, true),
    kind: (info >>> 24) & 0x1f,
  };
}

function findType(name: string, kind: keyof typeof KIND): number {
  const id = call.find(kernelBtf(), name, KIND[kind]) as number;
  if (id < 0)
    throw new NotSupportedError(
      `${kind} ${name}`,
      "this type in the kernel's BTF",
      "none",
      "nothing to do: this kernel has no such type",
    );
  return id;
}

/** The values of a kernel enum by number, e.g. `skb_drop_reason`: 2 -> `SKB_DROP_REASON_NOT_SPECIFIED`. @throws NotSupportedError where the kernel has no such enum. */
export function kernelEnum(name: string): ReadonlyMap<number, string> {
  const type = typeAt(findType(name, "enum"));
  const values = new DataView(viewMemory(type.address + HEADER_BYTES, type.count * 8));
  const names = new Map<number, string>();
  for (let i = 0; i < type.count; i++) {
    names.set(
      values.getInt32(i * 8 + 4, true),
      call.name(kernelBtf(), values.getUint32(i * 8, true)) as string,
    );
  }
  return names;
}

/** A field of a kernel struct. Offsets are in bits: some fields are a single bit. */
export interface StructField {
  readonly name: string;
  readonly offsetBits: number;
}

/** Size and fields of a kernel struct on this machine; members of anonymous unions and structs are flattened in place. @throws NotSupportedError where the kernel has no such struct. */
export function kernelStruct(name: string): {
  readonly sizeBytes: number;
  readonly fields: readonly StructField[];
} {
  const id = findType(name, "struct");
  return { sizeBytes: Number(call.size(kernelBtf(), id)), fields: fieldsOf(id, 0) };
}

function fieldsOf(id: number, baseBits: number): StructField[] {
  const type = typeAt(id);
  const members = new DataView(viewMemory(type.address + HEADER_BYTES, Math.max(1, type.count * 12)));
  const fields: StructField[] = [];
  for (let i = 0; i < type.count; i++) {
    const name = call.name(kernelBtf(), members.getUint32(i * 12, true)) as string;
    const inner = members.getUint32(i * 12 + 4, true);
    const raw = members.getUint32(i * 12 + 8, true);
    const offsetBits = baseBits + (type.bitfields ? raw & 0xffffff : raw);
    if (name !== "") fields.push({ name, offsetBits });
    else fields.push(...fieldsOf(inner, offsetBits));
  }
  return fields;
}
