// Who may use the page. A notebook runs any code as the user who started the lab, so a stranger must not reach it: not by
// guessing (a random token), not from another page in the same browser (the cookie is sent to our own pages only, and what
// changes something must come from one of them), not by a name that resolves to this machine (only loopback names are answered).
//
// @source OWASP Cross-Site Request Forgery Prevention Cheat Sheet; W3C Fetch Metadata Request Headers

import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is refused: HTTP status and what a person is told. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly message: string;
}

export interface Access {
  readonly token: string;
  /** Whether a first address carries the right token. */
  opens(url: URL): boolean;
  /** The header that lets the browser in from now on. */
  readonly cookie: string;
  /** @returns why the request is refused, or null where it may pass */
  refuse(request: IncomingMessage): Refusal | null;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** A token that cannot be guessed: 192 random bits. */
export function newToken(): string {
  return randomBytes(24).toString("hex");
}

/**
 * @param token of the first address
 * @param port that we listen on; cookies do not know ports, so the cookie's name does
 */
export function guard(token: string, port: number): Access {
  const name = `ringside-${port}`;
  const isToken = (text: string | null | undefined): boolean => isSameSecret(text, token);
  return {
    token,
    opens: (url) => isToken(url.searchParams.get("token")),
    cookie: secretCookie(name, token),
    refuse(request) {
      const host = request.headers.host ?? "";
      if (!LOOPBACK.test(host)) {
        return {
          status: 421,
          message: `Cannot answer for ${JSON.stringify(host)} -> open the page as localhost`,
        };
      }
      if (!comesFromUs(request, host)) {
        return { status: 403, message: "Cannot take orders from another page -> use the course page itself" };
      }
      if (!isToken(cookieOf(request, name))) {
        return {
          status: 403,
          message: "Cannot let you in: no valid cookie -> open the address that npm start printed",
        };
      }
      return null;
    },
  };
}

/** Compares without telling by its time how much was right. */
export function isSameSecret(given: string | null | undefined, right: string): boolean {
  const [one, other] = [Buffer.from(given ?? ""), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The header that keeps a secret in the browser, out of reach of scripts and of other sites. */
export function secretCookie(name: string, secret: string): string {
  return `${name}=${secret}; HttpOnly; SameSite=Strict; Path=/`;
}

/** A page may read from anywhere in itself; what changes something must say that it comes from our own pages. */
export function comesFromUs({ headers, method }: IncomingMessage, host: string): boolean {
  const site = headers["sec-fetch-site"];
  // `none` is an address that the person typed or opened from a terminal; navigation from elsewhere lacks the cookie.
  if (method === "GET" || method === "HEAD")
    return site === undefined || site === "same-origin" || site === "none";
  return headers.origin === `http://${host}` && (site === undefined || site === "same-origin");
}

/** The value of a cookie that came with a request. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
