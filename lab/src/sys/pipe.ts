import { checked } from "./errno.js";
import { holdDescriptor } from "./holdings.js";
import { libc } from "./library.js";
import { close, SOCK_CLOEXEC } from "./socket.js";

const pipe2 = libc.declare("int pipe2(_Out_ int *fds, int flags)");

/** A pipe: what is written into `from` is read from `to`. */
export interface Pipe {
  readonly from: number;
  readonly to: number;
  close(): void;
}

/** Makes a pipe whose ends no child process inherits. @source pipe(2) */
export function openPipe(): Pipe {
  const fds = new Int32Array(2);
  checked(pipe2(fds, SOCK_CLOEXEC), "pipe2", "make a pipe"); // O_CLOEXEC has the same value
  const [to, from] = fds as unknown as [number, number];
  holdDescriptor(to);
  holdDescriptor(from);
  return {
    from,
    to,
    close() {
      close(from);
      close(to);
    },
  };
}
