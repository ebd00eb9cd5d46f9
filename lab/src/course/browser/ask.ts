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

/** @throws NoAnswer, or Error with the server's own words */
export function order<Answer>(path: string, body: object = {}): Promise<Answer> {
  const text = JSON.stringify(body);
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: text, keepalive: text.length < MAX_KEEPALIVE });
}

async function ask<Answer>(path: string, options: RequestInit): Promise<Answer> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...options, credentials: "same-origin" });
  } catch {
    throw new NoAnswer("The lab does not answer");
  }
  if (answer.ok) return answer.json();
  const text = await answer.text();
  let said = text.trim();
  try {
    said = JSON.parse(text).error;
  } catch {
    // It was plain text.
  }
  throw new Error(said || `The lab answered ${answer.status}`);
}
