// What can be said of the VM's files without starting one.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const VAGRANTFILE = readFileSync(join(ROOT, "Vagrantfile"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "ringside-vagrant-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Vagrant looks at a provider's block only where it finds the provider; this answers for VirtualBox.
writeFileSync(join(folder, "VBoxManage"), '#!/bin/sh\n[ "$1" = --version ] && echo 7.0.20r163906\nexit 0\n');
chmodSync(join(folder, "VBoxManage"), 0o755);

/** `vagrant validate` on a text: it needs no box, no network and no virtual machine. */
function validate(text: string, provider: string): { status: number | null; output: string } {
  writeFileSync(join(folder, "Vagrantfile"), text);
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    VAGRANT_HOME: join(folder, "home"),
    VAGRANT_CHECKPOINT_DISABLE: "1",
    VAGRANT_DEFAULT_PROVIDER: provider,
  };
  const { status, stdout, stderr } = spawnSync("vagrant", ["validate"], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

const hasVagrant = spawnSync("vagrant", ["--version"]).error === undefined;
if (!hasVagrant) console.log("Vagrant is not installed, so its file is not validated");

describe.runIf(hasVagrant)("the Vagrantfile", () => {
  test.each(["libvirt", "virtualbox"])("is valid for %s", (provider) => {
    expect(validate(VAGRANTFILE, provider)).toEqual({
      status: 0,
      output: expect.stringContaining("validated successfully"),
    });
  });

  test.each(["libvirt", "virtualbox"])("would be refused for a misspelt setting of %s", (provider) => {
    const misspelt = VAGRANTFILE.replaceAll("machine.cpus, machine.memory", "machine.cpuss, machine.memory");
    expect(validate(misspelt, provider).output).toContain("cpuss");
  });
});

describe("the machine's files", () => {
  const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

  test("are one lab: each way ends in vm/guest.sh, and vm/provision.sh is the only one that installs", () => {
    expect(VAGRANTFILE).toContain("sh /opt/ringside/vm/guest.sh");
    expect(read("vm/boot.sh")).toContain("sh /opt/ringside/vm/guest.sh");
    expect(read("vm/README.md")).toContain("sh /opt/ringside/vm/guest.sh");
    expect(read("vm/guest.sh")).toContain("sh vm/provision.sh vm");
    for (const file of ["vm/guest.sh", "Vagrantfile", "vm/boot.sh", "vm/lima.yaml"])
      expect(read(file), file).not.toMatch(/apt(-get)? +(-\S+ +)*install (?!--no-install-recommends qemu)/);
  });

  test("print the course's address last, with the host's port, at every start", () => {
    expect(read("vm/boot.sh")).toContain("vm/guest.sh && sh /opt/ringside/vm/address.sh $port");
    const provisioners = VAGRANTFILE.split("\n").filter((line) => line.includes("config.vm.provision "));
    expect(provisioners.at(-1)).toContain('run: "always", inline: "sh /opt/ringside/vm/address.sh #{port}"');
    expect(VAGRANTFILE).not.toContain("post_up_message");
  });

  test("forward to the host's loopback and nowhere else", () => {
    for (const line of VAGRANTFILE.split("\n").filter((line) => line.includes("forwarded_port")))
      expect(line).toContain('host_ip: "127.0.0.1"');
    for (const forward of read("vm/boot.sh").match(/hostfwd=\S+?(?=,|")/g)!)
      expect(forward).toContain("tcp:127.0.0.1:");
    expect(read("vm/guest.sh")).toMatch(/8888\.socket ringside-door@8889\.socket/);
  });

  test("are tested on a network of their own, by npm run test:vm", () => {
    for (const stage of ["machine", "vagrant"])
      expect(read("vm/test.sh")).toContain(`--net bash vm/test-${stage}.sh`);
    expect(read("vm/boot.sh")).toContain("out=restrict=on");
    expect(read("vm/test-machine.sh")).not.toContain("LAB_NET");
    expect(read("vm/test-vagrant.sh")).toContain("LAB_ISOLATED=1");
  });

  test("name live tests that there are, each with what another kernel could answer otherwise", () => {
    const lines = read("vm/live-tests.txt").split("\n");
    const listed = lines.filter((line) => line !== "" && !line.startsWith("#"));
    expect(listed.length).toBeGreaterThan(10);
    for (const line of listed) {
      const [file, ...why] = line.split(/ +/);
      expect(file).toMatch(/^test\/(sys|net|xdp|trace|bpf|rdma)\/.*\.live\.test\.ts$/);
      expect(existsSync(join(ROOT, file!)), line).toBe(true);
      expect(why.length, line).toBeGreaterThan(4);
    }
  });

  test("say how they are used when asked for nothing", () => {
    for (const file of ["vm/boot.sh", "vm/build-disk.sh", "vm/build-box.sh", "vm/compare-boots.sh"]) {
      const asked = spawnSync("bash", [join(ROOT, file)], { encoding: "utf8" });
      expect(asked.status, file).toBe(2);
      expect(asked.stderr, file).toContain(file);
    }
  });
});
