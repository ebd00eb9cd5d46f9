// The lab in the hands of an ordinary user on a machine that has Node.js and nothing of what vm/packages.txt lists: a copy of
// the clone that is theirs, in a mount namespace where Jupyter, clang, DPDK and apt cannot be run.
import { execFile, execFileSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const NOBODY = 65534;
const HIDDEN = ["jupyter-notebook", "jupyter-server", "clang", "dpdk-testpmd", "apt-get", "sudo"];

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number;
  readonly output: string;
}

/** The copy, and how to run something in it. */
export interface OrdinaryUser {
  readonly folder: string;
  run(command: string, ...args: string[]): Promise<Said>;
  leave(): void;
}

export function ordinaryUser(): OrdinaryUser {
  const folder = mkdtempSync(join(tmpdir(), "ringside-ordinary-"));
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const file of files.trim().split("\n")) {
    if (!existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  cpSync(join(ROOT, "lab/dist"), join(folder, "lab/dist"), { recursive: true, preserveTimestamps: true });
  copyModules(folder);
  const home = join(folder, "home");
  mkdirSync(home);
  giveAway(folder);
  return {
    folder,
    run: (command, ...args) => runAs(folder, home, [command, ...args]),
    leave: () => rmSync(folder, { recursive: true }),
  };
}

/** Hard links where they can be, since nothing writes there: some 300 MB. */
function copyModules(folder: string): void {
  const modules = join(ROOT, "node_modules");
  try {
    execFileSync("cp", ["-al", modules, folder], { stdio: "ignore" });
  } catch {
    execFileSync("cp", ["-a", modules, folder]);
  }
}

/** Makes it all the user's, but for the modules: a hard link is the same file as root's. */
function giveAway(folder: string): void {
  chownSync(folder, NOBODY, NOBODY);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) giveAway(join(folder, entry.name));
    else chownSync(join(folder, entry.name), NOBODY, NOBODY);
  }
}

function runAs(folder: string, home: string, words: readonly string[]): Promise<Said> {
  const present = HIDDEN.map((name) => `/usr/bin/${name}`).filter((path) => existsSync(path));
  const hide = present.map((path) => `mount --bind /dev/null ${realpathSync(path)}`);
  const drop = `exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups --inh-caps=-all "$@"`;
  const script = [...hide, drop].join(" && ");
  const env = { ...process.env, HOME: home, npm_config_update_notifier: "false" };
  return new Promise((done) => {
    execFile(
      "unshare",
      ["--mount", "sh", "-c", script, "sh", ...words],
      { cwd: folder, env, maxBuffer: 1e8 },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}
