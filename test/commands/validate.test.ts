// `gp-load validate`
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FILE, run } from "./command.fixture.js";

const files = { "scenarios.yaml": FILE };

describe("gp-load validate", () => {
  it("tells users, phases, turns and the samples that each threshold may expect", async () => {
    const { exit, stdout } = await run(["validate", "small"], files);
    expect(exit).toBe(0);
    expect(stdout).toContain("small: 3 users on reference (golden-path, embedded)\n");
    expect(stdout).toContain("phases: ramp 1s → hold 3 users 5s → drain → settle\n");
    expect(stdout).toMatch(/turns: about \d+ turns, if one takes 1s\n/);
    expect(stdout).toMatch(/message\.processing +p99 < 5s +n ≈ \d+, needs 299: judged as max\n/);
    expect(stdout).toMatch(/scenarios\.yaml: 1 scenario is valid\n$/);
  });

  it("is about a file of one's own, and says how to get one", async () => {
    const { exit, stdout, stderr } = await run(["validate"]);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^error: there is no scenarios\.yaml in .*\n {2}`gp-load init` writes one; -f chooses another/,
    );
  });

  it("shows steps, the baseline and the bound of turns", async () => {
    const { stdout } = await run(["validate", "steps"], files);
    expect(stdout).toContain("baseline of 100 users");
    expect(stdout).toMatch(
      /hold 25 users 1m → ramp 10s → hold 50 users 1m → ramp 10s → hold 1000 users 1m30s/,
    );
    expect(stdout).toContain("at most 5,000\n");
  });

  it("warns that a strict threshold will have too few samples, for certain only if no speed would mend it", async () => {
    const strict = (rule: string): string =>
      FILE.replace("tags: [smoke, quick]", `sla: { agent.response: ${rule} < 9s }`);
    const { stdout } = await run(["validate", "small"], { "scenarios.yaml": strict("p99") });
    expect(stdout).toMatch(/agent\.response +p99 < 9s +n ≈ 7, needs 299: no-data, so the run is INVALID/);
    const unsure = await run(["validate", "small"], { "scenarios.yaml": strict("p50") });
    expect(unsure.stdout).toMatch(/p50 < 9s +n ≈ 7, needs 20: no-data, so the run is INVALID/);
    const longer = strict("p50").replace("hold: 5s", "hold: 8s");
    const { stdout: maybe } = await run(["validate", "small"], { "scenarios.yaml": longer });
    expect(maybe).toMatch(
      /p50 < 9s +n ≈ 12, needs 20: no-data unless turns are faster than that, or overlap/,
    );
  });

  it("takes no scenario that comes with gp-load for one that cannot pass", async () => {
    const catalogue = readFileSync(new URL("../../scenarios.yaml", import.meta.url), "utf8");
    const { exit, stdout } = await run(["validate"], { "scenarios.yaml": catalogue });
    expect(exit).toBe(0);
    expect(stdout).not.toContain("INVALID");
    expect(stdout).toContain("no-data unless turns are faster");
  });

  it("warns of variables that only unused targets need, and passes", async () => {
    const { exit, stderr } = await run(["validate"], files);
    expect(exit).toBe(0);
    expect(stderr).toMatch(
      /^warning: scenarios\.yaml:4:19: environment variable STAGING_URL is not set or empty\n/,
    );
  });

  it("fails for variables that a scenario needs", async () => {
    const used = FILE.replace("target: reference", "target: staging");
    const { exit, stderr } = await run(["validate"], { "scenarios.yaml": used });
    expect(exit).toBe(2);
    expect(stderr).toContain("scenarios.yaml:4:19: environment variable STAGING_URL is not set or empty\n");
    expect(stderr).toMatch(/\n1 problem\n$/);
  });

  it("prints all problems of a file, with place and fix, and exits with 2", async () => {
    const wrong = FILE.replace("users: 3", "users: 0")
      .replace("mix", "mx")
      .replace("tags: [ent", "tgs: [ent");
    const { exit, stdout, stderr } = await run(["validate"], { "scenarios.yaml": wrong });
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^scenarios\.yaml:10:20: scenarios\.small\.load\.users: must be at least 1, is 0\n/,
    );
    expect(stderr).toContain(
      "scenarios.yaml:14:5: scenarios.steps: unknown key `tgs`\n  did you mean `tags`?\n",
    );
    expect(stderr).toMatch(/\n\d problems\n$/);
  });

  it("names the nearest scenario for an unknown one", async () => {
    const { exit, stderr } = await run(["validate", "smal"], files);
    expect(exit).toBe(2);
    expect(stderr).toBe(
      "error: unknown scenario `smal`\n  did you mean `small`?\n  available: small, steps\n",
    );
  });
});
