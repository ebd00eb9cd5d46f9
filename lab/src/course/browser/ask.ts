// Questions and orders to our server. A refusal is an Error whose message is for the person.

/** No answer: the server is away, or the network is. */
export class NoAnswer extends Error {
  override readonly name: string = "NoAnswer";
}

/** Above this a browser refuses to send a request that shall outlive the page. */
const MAX_KEEPALIVE = 50_000;

/** @throws NoAnswer, or Error with the server's own words */
export function get<Answer>(path: string): Promise<Answer> {
  return ask(path, {});
}

/**
 * @param limitMs how long to wait for an answer; as long as the browser does unless given
 * @throws NoAnswer, or Error with the server's own words
 */
export function order<Answer>(path: string, body: object = {}, limitMs?: number): Promise<Answer> {
  const text = JSON.stringify(body);
  const headers = { "Content-Type": "application/json" };
  const signal = limitMs === undefined ? null : AbortSignal.timeout(limitMs);
  return ask(path, { method: "POST", headers, body: text, keepalive: text.length < MAX_KEEPALIVE, signal });
}

async function ask<Answer>(path: string, options: RequestInit): Promise<Answer> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(path, { ...options, credentials: "same-origin" });
    text = await answer.text();
  } catch {
    throw new NoAnswer("The lab does not answer");
  }
  if (answer.ok) return JSON.parse(text) as Answer;
  throw new Error(reasonIn(text) || `The lab answered ${answer.status}: reload the page`);
}

/** What the server said, as JSON or as plain text. */
function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: string }).error;
  } catch {
    return text.trim();
  }
}
