// A thread that has one of each kind of thing, has given one of each back, says which it has, and is busy until it is ended.
import { parentPort, workerData } from "node:worker_threads";
import {
  AF_INET,
  close,
  loadKernelObject,
  mapAnonymous,
  SOCK_DGRAM,
  socket,
  unmap,
  writeDownHoldings,
} from "ringside/sys";

writeDownHoldings(workerData);
const fd = socket(AF_INET, SOCK_DGRAM, 0);
close(socket(AF_INET, SOCK_DGRAM, 0));
const memory = mapAnonymous(12 * 4096);
unmap(mapAnonymous(4096));
const object = loadKernelObject("drop");
loadKernelObject("drop").close();
const programs = object.programs.map((program) => program.fd);
parentPort.postMessage({ fd, address: memory.address, programs });
for (;;);
