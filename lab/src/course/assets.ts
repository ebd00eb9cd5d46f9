// The files of the page itself: script and style, bundled when the lab is built, and the notebooks' images. They are small and
// few, so they are read once and kept, compressed.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { RequestError, secureHeaders } from "./reply.js";

const BUNDLE = fileURLToPath(new URL("browser/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

interface Asset {
  readonly type: string;
  readonly tag: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
}

export interface Assets {
  /** @throws RequestError 404 */
  send(name: string, request: IncomingMessage, response: ServerResponse): void;
}

/** @param images folder of the notebooks' images, served as `images/NAME` */
export function openAssets(images: string): Assets {
  const kept = new Map<string, Asset>();
  function find(name: string): Asset {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const parts = /^(images\/)?([a-z0-9][a-z0-9-]*\.(?:js|css|svg|png))$/.exec(name);
    const path = parts === null ? null : join(parts[1] === undefined ? BUNDLE : images, parts[2]!);
    if (path === null || !existsSync(path))
      throw new RequestError(404, `Cannot find ${name}: there is none -> npm run build makes the page's own`);
    const plain = readFileSync(path);
    const tag = `"${createHash("sha256").update(plain).digest("hex").slice(0, 20)}"`;
    const asset = { type: TYPES[extname(path)]!, tag, plain, gzip: gzipSync(plain, { level: 9 }) };
    kept.set(name, asset);
    return asset;
  }
  return {
    send(name, request, response) {
      const { type, tag, plain, gzip } = find(name);
      const headers = { ...secureHeaders(), "Content-Type": type, ETag: tag, "Cache-Control": "no-cache" };
      if (request.headers["if-none-match"] === tag) {
        response.writeHead(304, headers).end();
      } else if (/\bgzip\b/.test(String(request.headers["accept-encoding"]))) {
        response
          .writeHead(200, { ...headers, "Content-Encoding": "gzip", Vary: "Accept-Encoding" })
          .end(gzip);
      } else {
        response.writeHead(200, headers).end(plain);
      }
    },
  };
}
