import { createServer } from "node:net";

/**
 * Finds out whether a port of 127.0.0.1 can be listened on.
 *
 * @param wanted 1 to 65535; without it, the system chooses a free one
 * @returns the port
 * @throws Error where the wanted port is taken
 */
export function choosePort(wanted?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          `Cannot listen on 127.0.0.1:${wanted}: ${error.code}; ${cause(error.code)} -> choose another port, or stop what holds it (ss -ltnp shows it)`,
        ),
      );
    });
    probe.listen(wanted ?? 0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function cause(code: string | undefined): string {
  if (code === "EADDRINUSE") return "another program listens there";
  if (code === "EACCES") return "ports below 1024 are for root";
  return "the system refuses it";
}
