// The HTML that the server itself writes: an empty page that the script fills, and two plain ones for the way in.

import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { secureHeaders } from "./reply.js";

/** In the page itself: a browser that is told of none asks for `/favicon.ico`, which there is not. */
const ICON = `<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='5' fill='none' stroke='%230072B2' stroke-width='4' stroke-dasharray='6 2'/%3E%3C/svg%3E">`;

/**
 * A page; its script reads the address to know which notebook is meant.
 *
 * @param script of the page, without `.js`
 * @param room whether it is a workshop's
 */
export function sendPage(response: ServerResponse, script = "main", room = false): void {
  const nonce = randomBytes(18).toString("base64");
  response.writeHead(200, {
    ...secureHeaders(nonce),
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
  });
  response.end(`<!doctype html>
<html lang="en"${room ? " data-room" : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ringside</title>
${ICON}
<link rel="stylesheet" href="/assets/page.css">
<script type="module" src="/assets/${script}.js" nonce="${nonce}"></script>
</head>
<body>
<noscript>The course page needs JavaScript: it runs the notebooks' cells on your own machine.</noscript>
</body>
</html>
`);
}

/**
 * The answer to a first address: leaves the cookie and goes on to the page by itself, so that the token does not stay in
 * the address bar. A redirect would not do: after a click elsewhere, a browser does not send a strict cookie along with one.
 */
export function sendWelcome(response: ServerResponse, cookie: string | null, to = "/"): void {
  response.writeHead(200, {
    ...secureHeaders(),
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    ...(cookie !== null && { "Set-Cookie": cookie }),
  });
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
${ICON}
<meta http-equiv="refresh" content="0;url=${to}">
<title>Ringside</title>
<p><a href="${to}">Go on</a></p>
</html>
`);
}

/** A refusal that a person may see. */
export function sendRefusal(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...secureHeaders(), "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${message}\n`);
}
