import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import type { PreflightLine } from "../course/index.js";
import type { Agenda, Workshop } from "../workshop/index.js";
import { NOTEBOOKS, ROOMS } from "./place.js";
import { type Request, UsageError, type Verb } from "./verb.js";

const AGENDAS = join(NOTEBOOKS, "workshops");
const EXPECTED_LEARNERS = 30;

export const workshop: Verb = {
  name: "workshop",
  summary: "lead a room of learners through an agenda",
  operands: "[agenda]",
  options: {
    listen: {
      type: "string",
      placeholder: "address",
      help: "address of this machine that the room can reach, or 0.0.0.0 for all; else 127.0.0.1 alone",
    },
    port: {
      type: "string",
      placeholder: "port",
      help: `listen there; else any that is free`,
    },
    learners: {
      type: "string",
      placeholder: "number",
      help: `how many you expect, for the preflight; ${EXPECTED_LEARNERS} unless given`,
    },
    check: { type: "boolean", help: "read the agenda, look at the machine, and start nothing" },
  },
  details: `Without an agenda, lists those in notebooks/workshops; notebooks/workshops/README.md says how to write one.

Prints the code that learners type, and the address of your board. Ctrl-C ends the workshop, writes what everybody passed and
guessed into .ringside/workshop/<agenda>-<date>, and leaves what they wrote there. If it is killed, start it again: the
room goes on with the same code and with the cells that run, and nobody has to join anew.

Whoever has the code runs code on this machine with your rights. Learners are kept out of each other's pages and folders, but
not out of the machine: lead people you trust, on a machine that you can throw away. See the README for JupyterHub.

  npx ringside workshop 90-minutes --listen 192.168.1.20`,
  run: lead,
};

async function lead(request: Request): Promise<number> {
  const [name] = request.operands;
  if (name === undefined) return listAgendas();
  const address = parseAddress(request.value("listen"));
  const learners = parseNumber("learners", request.value("learners"), EXPECTED_LEARNERS, 1000);
  const agenda = await readAgenda(name);
  const { preflight, roomFolder, startWorkshop } = await import("../workshop/index.js");
  const found = await preflight({ learners, folder: NOTEBOOKS, reachable: address !== "127.0.0.1" });
  for (const line of found) console.log(preflightLine(line));
  if (request.flag("check")) return found.some(({ state }) => state === "missing") ? 1 : 0;
  const folder = roomFolder(ROOMS, name, new Date().toISOString().slice(0, 10));
  const port = parsePort(request.value("port"));
  const addresses = (at: number): string[] =>
    reachableAddresses(address).map((each) => `http://${each}:${at}/`);
  const room = await startWorkshop({
    agenda,
    name,
    course: NOTEBOOKS,
    folder,
    address,
    ...(port !== null && { port }),
    preflight: found,
    addresses,
  });
  announce(agenda, room, addresses(room.port));
  await asked();
  return end(room, folder);
}

async function end(room: Workshop, folder: string): Promise<number> {
  const file = resolve(folder, "results.csv");
  writeFileSync(file, room.results(), { mode: 0o600 });
  room.room.end();
  await room.stop();
  console.log(`\nThe workshop is over. Results: ${file}\nWhat they wrote: ${join(folder, "learners")}`);
  return 0;
}

function asked(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => done());
  });
}

async function listAgendas(): Promise<number> {
  const { totalMinutes } = await import("../workshop/index.js");
  for (const name of agendaNames()) {
    const agenda = await readAgenda(name);
    console.log(`${name.padEnd(14)} ${agenda.title}, ${totalMinutes(agenda)} minutes`);
  }
  console.log("\nBegin one with: npx ringside workshop <agenda>");
  return 0;
}

function agendaNames(): string[] {
  const files = readdirSync(AGENDAS).filter((file) => file.endsWith(".md") && file !== "README.md");
  return files.map((file) => file.slice(0, -".md".length)).sort();
}

async function readAgenda(name: string): Promise<Agenda> {
  const names = agendaNames();
  if (!names.includes(name)) {
    throw new UsageError(`Cannot lead "${name}": there is no such agenda -> one of ${names.join(", ")}`);
  }
  const { parseAgenda } = await import("../workshop/index.js");
  const { exercises } = await import("../exercise/index.js");
  const notebooks = readdirSync(NOTEBOOKS).filter((file) => file.endsWith(".ipynb"));
  const course = {
    notebooks: notebooks.map((file) => file.slice(0, -".ipynb".length)),
    exercises: exercises.map(({ id }) => id),
  };
  return parseAgenda(`${name}.md`, readFileSync(join(AGENDAS, `${name}.md`), "utf8"), course);
}

function parseAddress(text: string | undefined): string {
  if (text === undefined) return "127.0.0.1";
  if (isIP(text) === 4) return text;
  const own = reachableAddresses("0.0.0.0").join(", ");
  throw new UsageError(`Cannot listen on "${text}": it is no IPv4 address -> one of ${own}, or 0.0.0.0`);
}

function parseNumber(option: string, text: string | undefined, otherwise: number, most: number): number {
  const number = text === undefined ? otherwise : Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new UsageError(
    `Cannot lead with --${option} "${text}": it is no number from 1 to ${most} -> try --${option} ${otherwise}`,
  );
}

function parsePort(text: string | undefined): number | null {
  return text === undefined ? null : parseNumber("port", text, 8890, 65_535);
}

/** The addresses by which other machines may reach us. */
function reachableAddresses(address: string): string[] {
  if (address !== "0.0.0.0") return [address];
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const own = all.filter(({ family, internal }) => family === "IPv4" && !internal);
  return own.length > 0 ? own.map((each) => each.address) : [hostname()];
}

const MARKS = { ok: "yes", warning: "!", missing: "no" } as const;

function preflightLine({ name, state, found, next }: PreflightLine): string {
  const line = `${MARKS[state].padEnd(4)}${name.padEnd(15)} ${found}`;
  return next === "" ? line : `${line}\n${" ".repeat(20)}-> ${next}`;
}

function announce({ title }: Agenda, { room, boardUrl }: Workshop, addresses: readonly string[]): void {
  console.log(`
${title}

  Code of the room   ${room.code}
  Learners join at   ${addresses.join("\n                     ")}
  Your board         ${boardUrl}

Keep the board's address to yourself. Ctrl-C ends the workshop.`);
}
