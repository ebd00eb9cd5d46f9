// The kernel's side of a TCP connection: node's own sockets in host a. Run as
//   kernel-peer.mjs connect|listen ADDRESS PORT send|receive BYTES
// It prints "listening", then "<bytes> <sha256>" of what it sent or received.
import { createHash } from "node:crypto";
import { connect, createServer } from "node:net";
import { stream } from "./stream.mjs";

const [how, address, port, what, bytes] = process.argv.slice(2);

function send(socket) {
  const hash = createHash("sha256");
  const source = stream(Number(bytes));
  let sent = 0;
  const more = () => {
    for (;;) {
      const chunk = source.next();
      if (chunk === null) {
        socket.end();
        return;
      }
      hash.update(chunk);
      sent += chunk.length;
      if (!socket.write(chunk)) {
        socket.once("drain", more);
        return;
      }
    }
  };
  more();
  socket.resume();
  socket.on("close", () => report(sent, hash));
}

function receive(socket) {
  const hash = createHash("sha256");
  let received = 0;
  socket.on("data", (chunk) => {
    hash.update(chunk);
    received += chunk.length;
  });
  socket.on("close", () => report(received, hash));
}

function report(count, hash) {
  console.log(`${count} ${hash.digest("hex")}`);
  process.exit(0);
}

function use(socket) {
  socket.on("error", (error) => console.log(`error ${error.code}`));
  if (what === "send") send(socket);
  else receive(socket);
}

if (how === "connect") use(connect(Number(port), address));
else createServer(use).listen(Number(port), address, () => console.log("listening"));
