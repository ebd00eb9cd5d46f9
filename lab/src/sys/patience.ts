/** Names how many times as long as usual whatever is waited for may take: an emulated processor is ten times as slow. */
export const PATIENCE_VARIABLE = "RINGSIDE_PATIENCE";

/** The usual time in ms, or a multiple of it where the machine's owner says that it is slow. */
export function patient(usualMs: number): number {
  const times = Number(process.env[PATIENCE_VARIABLE] ?? 1);
  return usualMs * (times >= 1 ? times : 1);
}
