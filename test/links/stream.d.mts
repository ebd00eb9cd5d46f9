export function stream(bytes: number): { next(): Buffer | null };
