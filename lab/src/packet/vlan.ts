// A VLAN tag sits between the source address and the type of the frame it
// colours. What follows the tag's two own bytes is the type of what comes next,
// and that may be another tag: a provider's outer one around a customer's (QinQ).

import {
  defineBits,
  defineField,
  type FieldTable,
  HeaderView,
  readField,
  readField16,
  writeField,
} from "./field.js";
import { ETHER_TYPE, etherTypeToText } from "./numbers.js";

// Field table

export const VLAN_FIELDS: FieldTable<"priority" | "dropEligible" | "vlanId" | "etherType"> = {
  priority: defineBits("vlan.priority", 0, 2, 13, 3, "IEEE 802.1Q clause 9.6"),
  dropEligible: defineBits("vlan.dropEligible", 0, 2, 12, 1, "IEEE 802.1Q clause 9.6"),
  vlanId: defineBits("vlan.vlanId", 0, 2, 0, 12, "IEEE 802.1Q clause 9.6"),
  etherType: defineField("vlan.etherType", 2, 2, "IEEE 802.1Q clause 9.5", "hex"),
};

/** Bytes of a tag, counted from behind the EtherType that announces it to behind the one it brings along. */
export const VLAN_HEADER_BYTES = 4;

/** Answers whether an EtherType announces a VLAN tag: 0x8100 (802.1Q) or 0x88a8 (the outer tag of QinQ). */
export function isVlanType(etherType: number): boolean {
  return etherType === ETHER_TYPE.vlan || etherType === ETHER_TYPE.serviceVlan;
}

// View

/** A VLAN tag in place. */
export class VlanView extends HeaderView {
  get priority(): number {
    return readField(this.bytes, this.start, VLAN_FIELDS.priority);
  }
  get dropEligible(): number {
    return readField(this.bytes, this.start, VLAN_FIELDS.dropEligible);
  }
  get vlanId(): number {
    return readField(this.bytes, this.start, VLAN_FIELDS.vlanId);
  }
  get etherType(): number {
    return readField16(this.bytes, this.start, VLAN_FIELDS.etherType);
  }
}

// Representation

/** A VLAN tag in host order. */
export interface VlanHeader {
  /** 0 to 7, larger is more urgent. */
  priority: number;
  /** May be dropped first when queues are full. */
  dropEligible: boolean;
  /** 1 to 4094; 0 says "priority only". */
  vlanId: number;
  /** What follows the tag. */
  etherType: number;
}

/**
 * Reads a VLAN tag.
 *
 * @param bytes the frame
 * @param start byte offset of the tag's own two bytes, behind the EtherType that announced it
 * @throws FieldError where the frame is too short
 */
export function parseVlan(bytes: Uint8Array, start = 0): VlanHeader {
  const view = new VlanView(bytes, start);
  return {
    priority: view.priority,
    dropEligible: view.dropEligible === 1,
    vlanId: view.vlanId,
    etherType: view.etherType,
  };
}

/**
 * Writes a VLAN tag in place.
 *
 * @returns byte offset after the tag
 * @throws FieldError where the frame is too short or a value too wide
 */
export function emitVlan(header: VlanHeader, bytes: Uint8Array, start = 0): number {
  writeField(bytes, start, VLAN_FIELDS.priority, header.priority);
  writeField(bytes, start, VLAN_FIELDS.dropEligible, header.dropEligible ? 1 : 0);
  writeField(bytes, start, VLAN_FIELDS.vlanId, header.vlanId);
  writeField(bytes, start, VLAN_FIELDS.etherType, header.etherType);
  return start + VLAN_HEADER_BYTES;
}

// Print

/** Says a VLAN tag in a line. */
export function printVlan(header: VlanHeader): string {
  const drop = header.dropEligible ? ", drop eligible" : "";
  return `id ${header.vlanId}, priority ${header.priority}${drop}, ${etherTypeToText(header.etherType)}`;
}
