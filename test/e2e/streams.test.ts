// What a run writes to stdout and stderr under --json and --quiet.
import { describe, expect, test } from "vitest";
import { FULL_ONLY } from "../support/tags.js";
import { neutralServer } from "./support/neutral-server.js";
import { load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const ESCAPE = String.fromCharCode(27);

describe("the streams of a run", () => {
  test("hold exactly one JSON document with --json, and nothing on stderr", async () => {
    const { url } = await neutralServer();
    const place = workspace(scenarioFile({ url }, { load: load(2, "2s", "0s") }));
    const { stdout, stderr, report } = await place.run(["e2e", "--json"]);
    expect(JSON.parse(stdout)).toEqual(report);
    expect(stderr).toBe("");
  });

  test("hold only the result with --quiet, uncoloured under NO_COLOR even where colour is forced", {
    tags: FULL_ONLY,
  }, async () => {
    const { url } = await neutralServer();
    const place = workspace(scenarioFile({ url }, { load: load(2, "2s", "0s") }));
    const { stdout, stderr, report } = await place.run(["e2e", "--quiet"], {
      NO_COLOR: "1",
      FORCE_COLOR: "1",
    });
    expect(stderr).toBe("");
    expect(stdout).toContain(report.verdict);
    expect(stdout).not.toContain(ESCAPE);
  });
});
