// What a shell offers while a command line is typed.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../src/support/errors.js";
import { FILE, run } from "./command.fixture.js";

const files = { "scenarios.yaml": FILE, "other.yaml": FILE.replaceAll("small", "tiny") };
const offered = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await run(["completion", "for", "--", ...words], files)).stdout.split("\n").filter((word) => word !== "");

describe("gp-load completion", () => {
  it("offers commands, flags, scenarios, tags, targets, profiles and metrics", async () => {
    expect(await offered("ca")).toEqual(["capacity", "calibrate"]);
    expect(await offered("run", "--ma")).toEqual(["--max-turns"]);
    expect(await offered("run", "")).toEqual(["small", "steps"]);
    expect(await offered("run", "small", "st")).toEqual(["steps"]);
    expect(await offered("run", "--tag", "s")).toEqual(["smoke"]);
    expect(await offered("run", "--target", "")).toEqual(["reference"]);
    expect(await offered("run", "--profile", "lang")).toEqual(["langgraph"]);
    expect(await offered("run", "--set", "sla.history.")).toEqual(["sla.history.query="]);
  });

  it("reads the file that is named", async () => {
    expect(await offered("validate", "-f", "other.yaml", "")).toEqual(["tiny", "steps"]);
    expect(await offered("validate", "-f", "none.yaml", "")).toEqual([]);
  });

  it("offers nothing if it knows nothing, so that the shell offers files", async () => {
    expect(await offered("run", "--reports", "")).toEqual([]);
    expect(await offered("nonsense", "")).toEqual([]);
  });

  it("refuses a shell that it has no script for", async () => {
    const { exit, stderr } = await run(["completion", "tcsh"]);
    expect([exit, stderr]).toEqual([EXIT.usage, expect.stringContaining("bash, zsh, fish")]);
  });

  it.skipIf(spawnSync("bash", ["--version"]).status !== 0)("completes in a real bash", async () => {
    const { stdout: script, cwd } = await run(["completion", "bash"], files);
    const bin = mkdtempSync(join(tmpdir(), "gp-load-bin-"));
    const cli = join(process.cwd(), "dist/cli.js");
    writeFileSync(join(bin, "gp-load"), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
    chmodSync(join(bin, "gp-load"), 0o755);
    const typed = `${script}
COMP_WORDS=(gp-load run --tag sm); COMP_CWORD=3; _gp_load; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    const { stdout, stderr } = spawnSync("bash", ["-c", typed], { cwd, env, encoding: "utf8" });
    expect([stdout, stderr]).toEqual(["smoke\n", ""]);
  });
});
