// The script that prepares a release: the tag is the version, the notes are the changelog's, the repository is named.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROOT } from "../docs/markdown.js";

const CHANGELOG = `# Changelog

## [Unreleased]

- not yet

## [1.2.0] - 2026-01-02

### Checks

- one more

## [1.1.0] - 2025-01-02

- older
`;
const REPOSITORY = "https://code.example.com/team/gp-load";

function release(tag: string, repository = REPOSITORY, changelog = CHANGELOG) {
  const cwd = mkdtempSync(join(tmpdir(), "gp-load-release-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const before = JSON.stringify({ name: "gp-load", version: "1.2.0", license: "MIT" });
  writeFileSync(join(cwd, "package.json"), before);
  writeFileSync(join(cwd, "CHANGELOG.md"), changelog);
  const script = join(ROOT, "scripts", "release.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, tag, repository], {
    cwd,
    encoding: "utf8",
  });
  const after = readFileSync(join(cwd, "package.json"), "utf8");
  return { status, stdout, stderr, changed: after !== before, manifest: JSON.parse(after) as object };
}

describe("a release", () => {
  it("takes the notes of its version, and names the repository that it comes from", () => {
    const { status, stdout, manifest } = release("v1.2.0");
    expect([status, stdout]).toEqual([0, "### Checks\n\n- one more\n"]);
    expect(manifest).toEqual({
      name: "gp-load",
      version: "1.2.0",
      license: "MIT",
      repository: { type: "git", url: `git+${REPOSITORY}.git` },
      homepage: `${REPOSITORY}#readme`,
      bugs: `${REPOSITORY}/issues`,
    });
  });

  it.each([
    ["a tag that is not the version", ["v1.3.0"], "the tag v1.3.0 is not the version 1.2.0"],
    ["a repository that is none", ["v1.2.0", "team"], "team is not the URL of a repository"],
    [
      "a changelog without the version",
      ["v1.2.0", REPOSITORY, "# Changelog\n"],
      "CHANGELOG.md has no section 1.2.0",
    ],
  ] as const)("is refused for %s, and changes nothing", (_, [tag, repository, changelog], why) => {
    const { status, stdout, stderr, changed } = release(tag, repository, changelog);
    expect([status, stdout, stderr.trim(), changed]).toEqual([1, "", why, false]);
  });
});
