// Moments in the life of a socket, some with a lost frame, each made by letting the model run.
import { FramePool, ModelSocket } from "../../../ring/index.js";

export interface Scene {
  socket: ModelSocket;
  /** Addresses of the frames that the application holds. */
  application: number[];
}

/** Frames of each scene. */
export const FRAMES = 8;

interface SceneSpec {
  name: string;
  given: string;
  build(): Scene;
}

interface Stage {
  socket: ModelSocket;
  pool: FramePool;
}

function stage(act: (stage: Stage) => void): Scene {
  const socket = new ModelSocket({ ringSize: FRAMES, frameCount: FRAMES });
  const pool = new FramePool(socket.umem);
  act({ socket, pool });
  return { socket, application: pool.list() };
}

function receive({ socket }: Stage, packets: number): void {
  for (let packet = 0; packet < packets; packet++) socket.kernel.receive(new Uint8Array(60));
}

/** Takes entries from the rx ring and loses their frames: the bug that all these scenes are about. */
function lose({ socket: { rxRing } }: Stage, packets: number): void {
  rxRing.release(rxRing.peek(packets));
}

function send({ socket: { txRing }, pool }: Stage, packets: number): void {
  const first = txRing.reserve(packets) ?? 0;
  for (let packet = 0; packet < packets; packet++) txRing.write(first + packet, pool.take() ?? 0, 60);
  txRing.submit(packets);
}

export const scenes: readonly SceneSpec[] = [
  {
    name: "all at home",
    given: "5 with the application, 3 in the fill ring",
    build: () => stage(({ socket, pool }) => void pool.fill(socket.fillRing, 3)),
  },
  {
    name: "received and forgotten",
    given: "4 packets were received and released, 2 frames never went back",
    build: () =>
      stage((scene) => {
        scene.pool.fill(scene.socket.fillRing, 6);
        receive(scene, 4);
        lose(scene, 2);
      }),
  },
  {
    name: "the kernel is at work",
    given: "the kernel took 3 frames ahead of their packets, 1 frame is lost",
    build: () =>
      stage((scene) => {
        scene.pool.fill(scene.socket.fillRing, 6);
        receive(scene, 1);
        lose(scene, 1);
        scene.socket.kernel.take(3);
      }),
  },
  {
    name: "sent and not collected",
    given: "4 packets to send: 1 waits, 1 is being sent, 2 are done",
    build: () =>
      stage((scene) => {
        send(scene, 4);
        scene.socket.kernel.transmit(3);
        scene.socket.kernel.complete(2);
      }),
  },
];
