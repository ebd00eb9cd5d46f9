// Opens a polled io_uring with a receive under way, says on which port, and waits to be killed.
import { requests } from "ringside/ring";
import { AF_INET, bind, getSocketName, ipv4SocketAddress, openUring, SOCK_DGRAM, socket } from "ringside/sys";

const uring = openUring({ entries: 8, polledBy: { idleMs: 60_000 } });
const fd = socket(AF_INET, SOCK_DGRAM, 0);
bind(fd, ipv4SocketAddress("127.0.0.1", 0), "a port");
uring.provideBuffers(1, { count: 8, bufferBytes: 64 });
const cursor = uring.submissionRing.reserve(1);
uring.submissionRing.write(cursor, requests.recvMultishot(fd, 1), 1);
uring.submissionRing.submit(1);
uring.wake();
console.log(new DataView(getSocketName(fd).buffer).getUint16(2));
setInterval(() => undefined, 60_000);
