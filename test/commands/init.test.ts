// First scenario files, written for a backend and tried on it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backend, startBackend } from "../reference/backend.js";
import { run } from "./command.fixture.js";

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

describe("gp-load init", () => {
  it("writes a sound file, tries it, and names the next command", async () => {
    const ran = await run(["init", "--url", backend.url, "--kind", "golden-path", "--register"]);
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toContain("scenarios.yaml: written and valid");
    expect(ran.stdout).toMatch(/✓ a turn completed: .*agent_completed/);
    expect(ran.stdout).toContain("next: gp-load run smoke");
  });

  it("takes no turn for one that works if an expected event is missing", async () => {
    await backend.switchOn({ name: "drop-event", count: 1, params: { kind: "agent_thinking" } } as never);
    const ran = await run([
      "init",
      "--url",
      backend.url,
      "--kind",
      "golden-path",
      "--register",
      "--accounts",
      "init-{n}@example.com",
    ]);
    expect(ran.stdout).toContain("✗ a turn completed, but without agent_thinking");
    expect(ran.stdout).not.toContain("✓ a turn completed");
    expect(ran.stdout).toContain("next: fix what the trial shows");
    expect(ran.exit).toBe(1);
  });

  it("can be run twice on one backend, whose accounts are there the second time", async () => {
    for (const accounts of [[], ["--accounts", "twice-{n}@example.com"]])
      for (const _time of [1, 2]) {
        const args = ["init", "--url", backend.url, "--kind", "golden-path", "--register", ...accounts];
        const ran = await run(args);
        expect([ran.exit, ran.stdout]).toEqual([0, expect.stringContaining("✓ a turn completed")]);
      }
  });

  it("says what is wrong with what came of its turn", async () => {
    await backend.switchOn({ name: "duplicate-event", count: 1 } as never);
    const ran = await run(["init", "--url", backend.url, "--kind", "golden-path", "--register"]);
    expect(ran.stdout).toContain("✗ a turn completed, but events came twice");
    expect(ran.exit).toBe(1);
  });

  it("exits with 130 if its trial is interrupted", async () => {
    const args = ["init", "--url", backend.url, "--kind", "golden-path", "--register"];
    const ran = await run([...args, "--accounts", "stopped-{n}@example.com"], {}, undefined, {
      onInterrupt(callback) {
        callback();
        return () => undefined;
      },
    });
    expect([ran.exit, ran.stdout]).toEqual([130, expect.stringContaining("interrupted")]);
  });

  it("writes for every profile what the parser takes", async () => {
    for (const kind of [
      "golden-path",
      "generic",
      "netra",
      "ag-ui",
      "ai-sdk",
      "langgraph",
      "openai-responses",
    ]) {
      const args = ["init", "--no-probe", "--url", "https://api.example.com", "--kind", kind];
      const ran = await run(args);
      expect([kind, ran.exit, ran.stderr]).toEqual([kind, 0, ""]);
      expect(ran.stdout).toContain("export LOAD_PASSWORD=");
      const written = readFileSync(join(ran.cwd, "scenarios.yaml"), "utf8");
      // Only these can read a history without a word in the file.
      const reads = ["golden-path", "netra", "langgraph"].includes(kind);
      expect([kind, written.includes("- history"), /checks: .*history/.test(written)]).toEqual([
        kind,
        reads,
        reads,
      ]);
    }
  });

  it("says what is not there, and what to do next", async () => {
    const ran = await run(["init", "--url", "http://127.0.0.1:1", "--kind", "golden-path"]);
    expect(ran.exit).toBe(3);
    expect(ran.stdout).toContain("✗ nothing responds at http://127.0.0.1:1");
    expect(ran.stdout).toContain("gp-load try");
  });

  it("replaces no file unless it is told to", async () => {
    const there = { "scenarios.yaml": "mine" };
    expect(await run(["init", "--no-probe", "--url", "http://127.0.0.1:1"], there)).toMatchObject({
      exit: 2,
    });
    expect(await run(["init", "--no-probe", "--force", "--url", "http://127.0.0.1:1"], there)).toMatchObject({
      exit: 0,
    });
  });

  it.each([
    [["init"], "no backend given"],
    [["init", "--url", "ftp://x"], "is not an http or https URL"],
    [["init", "--url", "http://127.0.0.1:1", "--kind", "smoke-signals"], "no profile named smoke-signals"],
  ])("refuses %j", async (args, message) => {
    const ran = await run(args);
    expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
