// The backend as a process of its own: starting, stopping, and ending with its parent.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyDataFiles } from "../../scripts/data-files.mjs";
import type { Reference } from "../../src/reference/launch.js";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { quiet, until } from "./backend.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const tmpBefore = process.env.TMPDIR;
let compiled: string;
let startReference: (options?: ReferenceOptions) => Promise<Reference>;

// A build of its own, inside the project so that its packages are found: others may be rebuilding dist/ right now.
beforeAll(async () => {
  compiled = mkdtempSync(join(root, "node_modules", ".reference-"));
  process.env.TMPDIR = compiled;
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const project = join(compiled, "tsconfig.json");
  const files = ["main.ts", "launch.ts"].map((file) => join(root, "src", "reference", file));
  const compilerOptions = { rootDir: join(root, "src"), outDir: compiled, noEmit: false, sourceMap: false };
  writeFileSync(
    project,
    JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, include: [], files }),
  );
  writeFileSync(join(compiled, "package.json"), `{"type":"module"}`);
  execFileSync(process.execPath, [tsc, "-p", project]);
  copyDataFiles(join(root, "src", "reference"), join(compiled, "reference"));
  ({ startReference } = await import(pathToFileURL(join(compiled, "reference", "launch.js")).href));
});
afterAll(() => {
  if (tmpBefore === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = tmpBefore;
  rmSync(compiled, { recursive: true, force: true });
});

/** Children of this file put theirs under its own directory, since other files run backends at the same time. */
function temporaryDirectories(): string[] {
  return readdirSync(compiled).filter((name) => name.startsWith("gp-load-reference-"));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("startReference", () => {
  it("gives the addresses of a backend that works, and is gone after stop, which may be called twice", async () => {
    const reference = await startReference({ defects: [{ name: "refuse-login", count: 1 }] });
    const exits: unknown[] = [];
    reference.onExit((exit) => exits.push(exit));
    expect((await fetch(`${reference.url}/health`)).status).toBe(200);
    expect(reference.wsUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ws$/);
    const headers = { authorization: `Bearer ${reference.controlToken}` };
    const { defects } = (await (await fetch(`${reference.controlUrl}/defects`, { headers })).json()) as {
      defects: object[];
    };
    expect(defects).toMatchObject([{ name: "refuse-login", injected: 0 }]);
    expect(await reference.stop()).toEqual({ code: 0, signal: null });
    expect(await reference.stop()).toEqual({ code: 0, signal: null });
    expect(exits).toHaveLength(1);
    expect(temporaryDirectories()).toEqual([]);
    expect(isAlive(reference.pid)).toBe(false);
  });

  it("rejects with the reason when the port is taken, and leaves no process behind", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const { port } = blocker.address() as { port: number };
    await expect(startReference({ port })).rejects.toThrow("EADDRINUSE");
    blocker.close();
  });

  it("reports the exit of a backend that was killed", async () => {
    const reference = await startReference();
    const exit = new Promise((resolve) => reference.onExit(resolve));
    process.kill(reference.pid, "SIGKILL");
    expect(await exit).toEqual({ code: null, signal: "SIGKILL" });
    expect(temporaryDirectories()).toEqual([]);
  });
});

describe("the backend's process", () => {
  it("ends by itself when its parent is killed", async () => {
    const script = `
      const { startReference } = await import(${JSON.stringify(pathToFileURL(join(compiled, "reference", "launch.js")).href)});
      console.log((await startReference()).pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (data) => resolve(Number(data))),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await until(() => !isAlive(pid));
  });

  it("runs alone, prints its addresses, and stops on SIGTERM", async () => {
    const alone = spawn(process.execPath, [join(compiled, "reference", "main.js"), "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) =>
      alone.stdout.once("data", (data) => resolve(String(data))),
    );
    const { url, pid } = JSON.parse(line);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(pid).toBe(alone.pid);
    alone.kill("SIGTERM");
    expect(await new Promise((resolve) => alone.once("exit", resolve))).toBe(0);
    await quiet(10);
  });
});
