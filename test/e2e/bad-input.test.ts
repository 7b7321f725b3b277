// What a person can get wrong: said at once with its mend, exit code 2, no stack, and no connection made.
import { describe, expect, test } from "vitest";
import { FULL_ONLY } from "../support/tags.js";
import { cli, type Finished } from "./support/cli.js";
import { neutralServer } from "./support/neutral-server.js";
import { load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const TARGET = { url: "http://127.0.0.1:9" };

function expectRefusal({ code, stdout, stderr }: Finished, ...said: readonly (string | RegExp)[]): void {
  for (const text of said) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
  expect(code).toBe(2);
}

describe("a scenario file with a mistake is refused with exit code 2", () => {
  test("an unknown key, with its place and the nearest known one", async () => {
    const place = workspace(scenarioFile(TARGET, { jurney: ["connect"] }));
    expectRefusal(await place.start(["e2e"]).finished, /scenarios\.yaml:\d+:\d+/, "jurney", "journey");
  });

  test("a wrong unit", { tags: FULL_ONLY }, async () => {
    const place = workspace(scenarioFile(TARGET, { load: { users: 5, hold: "5 parsecs" } }));
    expectRefusal(await place.start(["e2e"]).finished, /scenarios\.yaml:\d+:\d+/, "5 parsecs");
  });

  test("a variable that the environment lacks, by its name", { tags: FULL_ONLY }, async () => {
    const accounts = { pattern: "u{n}@example.com", password: "$" + "{GP_LOAD_E2E_ABSENT}" };
    const place = workspace(scenarioFile({ ...TARGET, accounts }));
    expectRefusal(await place.start(["e2e"]).finished, "GP_LOAD_E2E_ABSENT");
  });

  test("several mistakes all at once", { tags: FULL_ONLY }, async () => {
    const place = workspace(scenarioFile(TARGET, { jurney: ["connect"], settle: "soon", seed: -1 }));
    expectRefusal(await place.start(["e2e"]).finished, "jurney", "soon", "seed", "3 problems");
  });

  test("a file that is not there, and one that is no YAML", { tags: FULL_ONLY }, async () => {
    const place = workspace({});
    expectRefusal(await cli(["run", "e2e", "-f", "absent.yaml"], { cwd: place.folder }), "absent.yaml");
    place.write("broken.yaml", "version: 1\nscenarios: [\n");
    expectRefusal(await cli(["run", "e2e", "-f", "broken.yaml"], { cwd: place.folder }), /broken\.yaml:\d+/);
  });
});

describe("a command line with a mistake is refused with exit code 2", () => {
  test("an unknown scenario, with the nearest name", async () => {
    const place = workspace(scenarioFile(TARGET));
    expectRefusal(await place.start(["e2ee"]).finished, "e2ee", /did you mean .*e2e/);
  });

  test("no scenario at all, an unknown option, and a number that is none", { tags: FULL_ONLY }, async () => {
    const place = workspace(scenarioFile(TARGET));
    expectRefusal(await place.start([]).finished, "no scenario given");
    expectRefusal(await place.start(["e2e", "--user", "5"]).finished, "--user");
    expectRefusal(await place.start(["e2e", "--workers", "none"]).finished, "--workers none");
  });

  test("a target off this machine that nobody has allowed", { tags: FULL_ONLY }, async () => {
    const place = workspace(scenarioFile(TARGET));
    const refused = await place.start(["e2e", "--target", "http://example.invalid"]).finished;
    expectRefusal(refused, "example.invalid", "--allow-host");
  });

  test("a report folder that cannot be written, before any connection is made", async () => {
    const { url, account } = await neutralServer();
    const place = workspace(scenarioFile({ url }, { load: load(2, "1s") }));
    place.write("reports", "a file in the way\n");
    expectRefusal(await place.start(["e2e"]).finished, "cannot write the report folder", "--reports");
    expect(account.requests).toEqual([]);
    expect(account.upgrades).toEqual([]);
  });
});
