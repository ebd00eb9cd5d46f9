// "Open in Jupyter": the same copy and the same kernel in Jupyter's own page. Jupyter lets in who has its token or a cookie it
// has signed. The token stays here: we show it to Jupyter ourselves, and pass only the signed cookie on to the browser, out of
// reach of any script. Cookies do not know ports, so Jupyter finds it although it came from us.

import { request as httpRequest } from "node:http";
import type { JupyterServer } from "../jupyter/index.js";

export interface JupyterEntry {
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
  /** Where the browser goes then. */
  readonly location: string;
}

/**
 * Opens the door for a browser.
 *
 * @param hostname by which the browser reaches us: `localhost` or `127.0.0.1`
 * @param path of the notebook below the server's folder
 * @throws Error where Jupyter does not answer as expected
 */
export async function enterJupyter(
  server: Pick<JupyterServer, "baseUrl" | "token">,
  hostname: string,
  path: string,
): Promise<JupyterEntry> {
  const { port } = new URL(server.baseUrl);
  const cookies = await signedCookies(port, hostname, server.token);
  const location = `http://${hostname}:${port}/notebooks/${path.split("/").map(encodeURIComponent).join("/")}`;
  return { cookies, location };
}

/** What our small server answers in Jupyter's place. */
const NOT_INSTALLED = 501;

function signedCookies(port: string, hostname: string, token: string): Promise<string[]> {
  // The cookie's name is made of the Host header, which must be the one that the browser will send.
  const headers = { Host: `${hostname}:${port}`, Authorization: `token ${token}` };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/tree", headers };
    const asking = httpRequest(options, (answer) => {
      answer.resume();
      const given = answer.headers["set-cookie"] ?? [];
      const signed = given.filter((cookie) => cookie.startsWith("username-"));
      if (signed.length > 0) resolve(signed.map(strict));
      else if (answer.statusCode === NOT_INSTALLED)
        reject(
          new Error(
            "Cannot enter Jupyter: it is not installed on this machine -> stay on this page, or install it (as root: sh vm/provision.sh run) and start the lab again",
          ),
        );
      else
        reject(
          new Error(
            `Cannot enter Jupyter: it gave no cookie (HTTP ${answer.statusCode}) -> open its own address, npx ringside status prints it`,
          ),
        );
    });
    asking.once("error", (error) => {
      reject(new Error(`Cannot enter Jupyter: ${error.message} -> npx ringside stop, then npm start`));
    });
    asking.end();
  });
}

function strict(cookie: string): string {
  return /;\s*samesite=/i.test(cookie) ? cookie : `${cookie}; SameSite=Strict`;
}
