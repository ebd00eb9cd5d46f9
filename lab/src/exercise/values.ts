// What learner code returned, in words: nonsense is named, with the usual reason for it.

/** Returns a short description of an answer; where there is none it asks for the `return`. */
export function describeAnswer(answer: unknown): string {
  return answer === undefined ? "undefined (is a return missing?)" : describeValue(answer);
}

/** Returns a short description of any value: `undefined`, `NaN`, `a Promise (...)`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "undefined";
  if (typeof value === "number") return Number.isNaN(value) ? "NaN" : String(value);
  if (isPromise(value)) return "a Promise (this function must answer at once: no async, no await)";
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value === "function") return "a function (is a call's () missing?)";
  if (typeof value === "bigint") return `the BigInt ${value}n`;
  try {
    return shorten(JSON.stringify(value) ?? String(value));
  } catch {
    return "an object that cannot be shown";
  }
}

/** Returns true for anything with a `then`; such a promise is also kept from ending the process should it fail. */
export function isPromise(value: unknown): value is Promise<unknown> {
  const isOne =
    typeof value === "object" && value !== null && typeof (value as Promise<unknown>).then === "function";
  if (isOne) (value as Promise<unknown>).then(undefined, () => {});
  return isOne;
}

/** Returns an error's class and message on one line; anything can be thrown. */
export function describeThrown(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${shorten(thrown.message, 200)}` : describeValue(thrown);
}

function shorten(text: string, limit = 60): string {
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}
