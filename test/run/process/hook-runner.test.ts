// The keeper of hooks: does and undoes for the run, and undoes by itself what a dead run left broken.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { HookCall } from "../../../src/faults/call.js";
import { modelVariables, startHookRunner, withModel } from "../../../src/run/process/hook-runner.js";
import { MODEL_PLACE } from "../../../src/scenarios/schema/model.js";

const HOOK_RUNNER = fileURLToPath(new URL("../../../dist/run/process/hook-runner.js", import.meta.url));

const exec = (command: string): HookCall => ({ kind: "exec", command, timeoutMs: 5000 });

function files() {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-keeper-"));
  return { broken: join(folder, "broken"), mended: join(folder, "mended") };
}

async function appears(path: string): Promise<boolean> {
  for (let waited = 0; waited < 10_000 && !existsSync(path); waited += 20)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return existsSync(path);
}

describe("the hook runner", () => {
  it("breaks things, and repairs them on request, once", async () => {
    const { broken, mended } = files();
    const keeper = startHookRunner();
    expect(
      await keeper.begin("a", exec(`: > ${broken}`), exec(`test ! -e ${mended} && : > ${mended}`)),
    ).toBeUndefined();
    expect([existsSync(broken), existsSync(mended)]).toEqual([true, false]);
    expect(await keeper.end("a")).toBeUndefined();
    expect(existsSync(mended)).toBe(true);
    await keeper.stop();
  });

  it("reports what failed, in its own words", async () => {
    const keeper = startHookRunner();
    expect(await keeper.begin("a", exec("echo no; exit 4"), exec("exit 5"))).toMatch(/exit 4: no/);
    expect(await keeper.end("a")).toMatch(/exit 5/);
    await keeper.stop();
  });

  it("repairs what is still broken when it is stopped", async () => {
    const { broken, mended } = files();
    const keeper = startHookRunner();
    await keeper.begin("a", exec(`: > ${broken}`), exec(`: > ${mended}`));
    await keeper.stop();
    expect(existsSync(mended)).toBe(true);
  });

  it.each(["SIGKILL", "SIGINT"] as const)("repairs what a run broke if %s ended the run", async (signal) => {
    const { broken, mended } = files();
    // The run is a process group of its own, so that a Ctrl-C reaches its keeper as well.
    const script = `
      const { startHookRunner } = await import(${JSON.stringify(HOOK_RUNNER)});
      const keeper = startHookRunner();
      const exec = (command) => ({ kind: "exec", command, timeoutMs: 5000 });
      await keeper.begin("a", exec(": > ${broken}"), exec(": > ${mended}"));
      setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ["--input-type=module", "-e", script], {
      detached: true,
      stdio: "ignore",
    });
    const pid = run.pid ?? 0;
    expect(await appears(broken)).toBe(true);
    if (signal === "SIGINT") process.kill(-pid, "SIGINT");
    else process.kill(pid, "SIGKILL");
    expect(await appears(mended)).toBe(true);
  });
});

describe("hooks", () => {
  const model = { url: "http://127.0.0.1:8400", key: undefined };

  it("get the model's address, in variables and in place of the scenario's placeholder", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "gp-load-model-")), "out");
    const keeper = startHookRunner(model);
    const command = `echo "$OPENAI_BASE_URL $ANTHROPIC_BASE_URL ${MODEL_PLACE}" > ${file}`;
    const exec = { kind: "exec", timeoutMs: 5000 } as const;
    await keeper.begin("a", { ...exec, command }, { ...exec, command: "true" });
    await keeper.stop();
    expect(readFileSync(file, "utf8").trim()).toBe(`${model.url}/v1 ${model.url} ${model.url}`);
  });

  it("are left as they are if there is none", () => {
    const call = { kind: "exec", command: MODEL_PLACE, timeoutMs: 1 } as const;
    expect(withModel(call, undefined)).toBe(call);
    expect(withModel(call, model)).toEqual({ ...call, command: model.url });
    expect(modelVariables(model)).not.toHaveProperty("OPENAI_API_KEY");
    expect(modelVariables({ ...model, key: "k" })).toMatchObject({
      OPENAI_API_KEY: "k",
      ANTHROPIC_API_KEY: "k",
    });
  });
});
