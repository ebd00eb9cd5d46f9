// A room of one's own for tests, without kernels: its pages, and requests to them with exactly the headers that one wants.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Agenda,
  keepTurns,
  Room,
  type RoomServer,
  serveRoom,
  stateFile,
  type Turns,
} from "ringside/workshop";
import { writeCourse } from "../course/write-course.js";

export const SLUG = "20-small";

export const AGENDA: Agenda = {
  title: "A small room",
  about: "",
  sections: [
    { title: "First", minutes: 10, notebook: SLUG, releases: [`${SLUG}/one`], notes: "Say hello." },
    { title: "Break", minutes: 5, notebook: null, releases: [], notes: "" },
  ],
};

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

export type Headers = Readonly<Record<string, string>>;

export class OwnRoom {
  private constructor(
    readonly folder: string,
    readonly room: Room,
    readonly turns: Turns,
    readonly server: RoomServer,
  ) {}

  static async open(): Promise<OwnRoom> {
    const folder = mkdtempSync(join(tmpdir(), "ringside-test-room-"));
    const course = join(folder, "course");
    mkdirSync(join(course, "src"), { recursive: true });
    writeCourse(course, SLUG, ["# Small", "const a = 1;", "a"]);
    const room = new Room(AGENDA, "mine", stateFile(folder), null);
    const turns = await keepTurns();
    const server = await serveRoom({
      room,
      turns,
      course,
      jupyter: { baseUrl: "http://127.0.0.1:9/", token: "jupyter-secret", folder },
      address: "127.0.0.1",
      port: 0,
      preflight: [],
      addresses: (port) => [`http://127.0.0.1:${port}/`],
    });
    return new OwnRoom(folder, room, turns, server);
  }

  async close(): Promise<void> {
    await this.server.stop();
    await this.turns.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get host(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  /** Headers of our own pages, with a cookie. */
  own(cookie = ""): Headers {
    return {
      Host: this.host,
      Cookie: cookie,
      Origin: `http://${this.host}`,
      "Content-Type": "application/json",
    };
  }

  /** Joins, and gives back the learner's headers. */
  async join(name: string): Promise<Headers> {
    const body = JSON.stringify({ code: this.room.code, name, trouble: "" });
    const { headers, status, body: said } = await this.send("POST", "/api/join", this.own(), body);
    if (status !== 200) throw new Error(said);
    return this.own(String(headers["set-cookie"]).split(";")[0]);
  }

  /** The instructor's headers. */
  async instructor(): Promise<Headers> {
    const { headers } = await this.send("GET", `/board?token=${this.room.boardToken}`, { Host: this.host });
    return this.own(String(headers["set-cookie"]).split(";")[0]);
  }

  /** A request; of a stream of events the first `events` are read. */
  send(method: string, path: string, headers: Headers, body = "", events = 1): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: this.server.port, method, path, headers };
      const sending = httpRequest(options, (answer) => {
        let text = "";
        const done = (): void => resolve({ status: answer.statusCode!, headers: answer.headers, body: text });
        const isStream = String(answer.headers["content-type"]).startsWith("text/event-stream");
        answer.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
          if (!isStream || text.split("\n\n").length <= events) return;
          sending.destroy();
          done();
        });
        answer.once("end", done);
        answer.once("error", () => undefined);
      });
      sending.once("error", reject);
      sending.end(body);
    });
  }

  async get<T>(path: string, headers: Headers): Promise<T> {
    return JSON.parse((await this.send("GET", path, headers)).body) as T;
  }

  order(path: string, headers: Headers, body: object = {}): Promise<Answer> {
    return this.send("POST", path, headers, JSON.stringify(body));
  }

  /** The events with which a stream begins. */
  async events<T>(path: string, headers: Headers, count = 1): Promise<T[]> {
    const { body } = await this.send("GET", path, headers, "", count);
    return body
      .split("\n\n")
      .filter((text) => text.startsWith("data: "))
      .map((text) => JSON.parse(text.slice("data: ".length)) as T);
  }
}
