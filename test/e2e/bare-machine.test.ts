// Machines that lack something: no /proc, no network, a folder or home that cannot be written. Each with its reason, never a stack.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../src/support/errors.js";
import { describeWith } from "../support/services.js";
import { FULL_ONLY } from "../support/tags.js";
import { type RunningCli, startCli } from "./support/cli.js";
import { scenarioFile } from "./support/scenario.js";
import { type Workspace, workspace } from "./support/workspace.js";

const SHORT = { load: { users: 2, ramp: "0s", hold: "1s", baseline: false }, sla: { "users.live": "off" } };

/** Runs gp-load in the workspace, after `prepare` in a namespace of its own. */
function within(
  { folder }: Workspace,
  namespace: string,
  prepare: string,
  args: readonly string[],
): Promise<Ended> {
  return ended(
    startCli(args, {
      cwd: folder,
      through: ["unshare", namespace, "sh", "-c", `${prepare} && exec "$@"`, "sh"],
    }),
  );
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** What it said on both streams, which is no stack. */
async function ended({ finished }: RunningCli): Promise<Ended> {
  const { code, stdout, stderr } = await finished;
  const said = `${stderr}${stdout}`;
  expect(said).not.toMatch(/^\s+at \S+ \(|has a bug/m);
  return { code, said };
}

describeWith(["own network"], "a machine", () => {
  test("without /proc carries a run, and the doctor says what it cannot know", async () => {
    const place = workspace(scenarioFile({ embedded: true }, SHORT));
    const without = "mount -t tmpfs none /proc";
    const run = await within(place, "-m", without, ["run", "e2e", "--quiet"]);
    expect(run.said).not.toContain("worker-lost");
    expect(run.said).toMatch(/ledger: attempted [1-9]/);
    const doctor = await within(place, "-m", without, ["doctor"]);
    expect(doctor.said).toMatch(/^\? ports +this system does not say/m);
    expect(doctor.code).toBe(0);
  });

  test("without any network, not even its own, says so", async () => {
    const place = workspace(scenarioFile({ embedded: true }, SHORT));
    const run = await within(place, "-n", "true", ["run", "e2e", "--quiet"]);
    expect([run.code, run.said]).toEqual([3, expect.stringContaining("ENETUNREACH")]);
    const doctor = await within(place, "-n", "true", ["doctor"]);
    expect(doctor.said).toMatch(/^✗ loopback +127\.0\.0\.1 cannot be reached: .* → bring the interface up/m);
    expect(doctor.said).toMatch(/^· network +none/m);
    expect(doctor.code).toBe(1);
  });

  test("whose folder is read-only refuses what would be written, before any load", {
    tags: FULL_ONLY,
  }, async () => {
    const place = workspace(scenarioFile({ embedded: true }, SHORT));
    mkdirSync(join(place.folder, "reports"));
    const readOnly = `mount --bind . . && mount -o remount,ro,bind . && cd "$PWD"`;
    for (const args of [
      ["run", "e2e"],
      ["run", "e2e", "--junit", "junit.xml"],
      ["init", "--url", "http://127.0.0.1:9", "--no-probe", "--out", "new.yaml"],
      ["history"],
    ]) {
      const { code, said } = await within(place, "-m", readOnly, args);
      expect(code === EXIT.usage || code === EXIT.unwritten, `${args.join(" ")}: ${code}`).toBe(true);
      expect(said).toMatch(/^error: .*(EROFS|ENOENT)/m);
    }
    const doctor = await within(place, "-m", readOnly, ["doctor"]);
    expect(doctor.said).toMatch(/^! reports +this folder is not writable → /m);
  });
});

describe("an environment", () => {
  test("with a home that cannot be written runs, and refuses a calibration before it is measured", async () => {
    const place = workspace(scenarioFile({ embedded: true }, SHORT));
    const home = join(place.folder, "home");
    writeFileSync(home, "a file");
    const env = { HOME: home, XDG_CACHE_HOME: "" };
    const run = await ended(startCli(["run", "e2e", "--quiet"], { cwd: place.folder, env }));
    expect(run.said).toMatch(/ledger: attempted [1-9]/);
    const { code, said } = await ended(startCli(["calibrate"], { cwd: place.folder, env }));
    expect([code, said]).toEqual([
      2,
      expect.stringMatching(/^error: the calibration cannot be saved: [\s\S]*GP_LOAD_CALIBRATION/),
    ]);
  });

  test("without room for temporary files refuses the embedded backend", async () => {
    const place = workspace(scenarioFile({ embedded: true }, SHORT));
    const { code, said } = await ended(
      startCli(["run", "e2e", "--quiet"], { cwd: place.folder, env: { TMPDIR: join(place.folder, "none") } }),
    );
    expect([code, said]).toEqual([
      2,
      expect.stringMatching(/^error: the embedded backend needs room[\s\S]*TMPDIR/),
    ]);
  });

  test("that names a store which is not there refuses it by name, and needs not name the others", async () => {
    const stores = { postgres: "$" + "{A:-}", redis: "$" + "{B:-}", clickhouse: "$" + "{C:-}" };
    const place = workspace(scenarioFile({ embedded: true, stores }, SHORT));
    const run = (env = {}) => ended(startCli(["run", "e2e", "--quiet"], { cwd: place.folder, env }));
    const half = await run({ B: "redis://127.0.0.1:1" });
    expect([half.code, half.said]).toEqual([
      2,
      expect.stringMatching(/^error: .*Redis: connect ECONNREFUSED[\s\S]*stores/),
    ]);
    const none = await run();
    expect(none.said).toMatch(/ledger: attempted [1-9]/);
  });
});
