// Promises of .ci/run: what its first pass leaves out, its second pass runs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../docs/markdown.js";

/** Projects that `npm test` does not have. */
const ONLY_SECOND = ["test/real-stores", "test/real-fleet"];

describe("the second pass of CI", () => {
  it.each(ONLY_SECOND)("runs each suite of %s: all have a tag that it asks for", (folder) => {
    const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".test.ts"));
    expect(files.length).toBeGreaterThan(3);
    const suites = files.flatMap((name) =>
      readFileSync(join(ROOT, folder, name), "utf8")
        .split("\n")
        .filter((line) => /^(describe|it|test)/.test(line)),
    );
    expect(suites.filter((line) => !/^describeWith|tags: FULL_ONLY/.test(line))).toEqual([]);
  });

  it("asks for the tests that need a service, and for those that `npm test` leaves out", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(scripts.check).toContain('--tags-filter="!full"');
    expect(readFileSync(join(ROOT, ".ci", "run"), "utf8")).toContain('--tags-filter="full || service"');
  });
});
