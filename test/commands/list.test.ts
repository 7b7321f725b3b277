// `gp-load list`
import { describe, expect, it } from "vitest";
import { FILE, run } from "./command.fixture.js";

const files = { "scenarios.yaml": FILE };

describe("gp-load list", () => {
  it("shows name, tags, load and description of every scenario", async () => {
    const { exit, stdout, stderr } = await run(["list"], files);
    expect(stdout.split("\n")).toEqual([
      "NAME   TAGS          LOAD                      DESCRIPTION",
      "small  smoke, quick  3 users × 5s              A few users",
      "steps  enterprise    25 → 1,000 users × 3m30s  More and more users",
      "",
    ]);
    expect([exit, stderr]).toEqual([0, ""]);
  });

  it("shows only what carries a tag", async () => {
    const { stdout } = await run(["list", "--tag", "smoke"], files);
    expect(stdout).toContain("small");
    expect(stdout).not.toContain("steps");
    const both = await run(["list", "-t", "smoke", "-t", "enterprise"], files);
    expect(both.stdout).toContain("steps");
  });

  it("prints one JSON array with --json", async () => {
    const { stdout } = await run(["list", "--json"], files);
    expect(JSON.parse(stdout)).toEqual([
      {
        name: "small",
        description: "A few users",
        tags: ["smoke", "quick"],
        target: "reference",
        users: 3,
        holdMs: 5000,
      },
      {
        name: "steps",
        description: "More and more users",
        tags: ["enterprise"],
        target: "reference",
        users: 1000,
        holdMs: 210_000,
      },
    ]);
  });

  it("reads another file with -f, and says so when it is not there", async () => {
    expect((await run(["list", "-f", "other.yaml"], { "other.yaml": FILE })).exit).toBe(0);
    const { exit, stdout, stderr } = await run(["list", "-f", "nope.yaml"], files);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^error: cannot read the scenario file nope\.yaml: ENOENT.*\n {2}name another file with -f/,
    );
  });

  it("shows the built-in scenarios if there is no file, and says so in one line", async () => {
    const { exit, stdout, stderr } = await run(["list"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^enterprise-100 .*100 users/m);
    expect(stderr).toMatch(/^there is no scenarios\.yaml here: using the built-in scenarios \(.*init.*\)\n$/);
    expect((await run(["list"], files)).stderr).toBe("");
    expect((await run(["list", "-f", "scenarios.yaml"])).exit).toBe(2);
  });

  it("needs no variable that only a target needs", async () => {
    const used = FILE.replace("target: reference", "target: staging");
    expect((await run(["list"], { "scenarios.yaml": used })).exit).toBe(0);
  });
});
