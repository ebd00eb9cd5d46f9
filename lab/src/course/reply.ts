// Answers of the server: what every one of them has in common, and how a request's JSON is read.

import type { IncomingMessage, ServerResponse } from "node:http";

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** A request that cannot be met, and why; the message is for the person. */
export class RequestError extends Error {
  override readonly name: string = "RequestError";

  constructor(
    readonly status: 400 | 403 | 404 | 405 | 413 | 429,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Headers of every answer. The page runs our own script and nothing else: no inline script, no plugin, no frame, nothing from
 * another server. The nonce is for the style sheet that the editor makes.
 */
export function secureHeaders(nonce?: string): Record<string, string> {
  const style = nonce === undefined ? "'self'" : `'self' 'nonce-${nonce}'`;
  return {
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src ${style}`,
      "img-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
}

export function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  text: string | Buffer,
): void {
  response.writeHead(status, { ...secureHeaders(), "Content-Type": type, "Cache-Control": "no-store" });
  response.end(text);
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  sendText(response, status, "application/json", JSON.stringify(value));
}

/** @throws RequestError where it is too large, of another type, or no JSON object */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (request.headers["content-type"] !== "application/json") {
    throw new RequestError(
      400,
      "Cannot read the request: its type is another -> send it as Content-Type: application/json",
    );
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES)
      throw new RequestError(
        413,
        "Cannot read the request: it is larger than 2 MiB -> send less at once; a cell may be shorter",
      );
    pieces.push(piece);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new RequestError(
    400,
    "Cannot read the request: it is not a JSON object -> send {} where there is nothing to say",
  );
}

/** @throws RequestError where the field is not text */
export function textField(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== "string")
    throw new RequestError(400, `Cannot read ${name}: it is not text -> reload the page`);
  return value;
}

/** @throws RequestError where the field is neither true nor false */
export function booleanField(body: Record<string, unknown>, name: string): boolean {
  const value = body[name];
  if (typeof value !== "boolean")
    throw new RequestError(400, `Cannot read ${name}: it is neither true nor false -> reload the page`);
  return value;
}

/** @throws RequestError where the field is not a whole number */
export function numberField(body: Record<string, unknown>, name: string): number {
  const value = body[name];
  if (!Number.isSafeInteger(value))
    throw new RequestError(400, `Cannot read ${name}: it is not a whole number -> reload the page`);
  return value as number;
}
