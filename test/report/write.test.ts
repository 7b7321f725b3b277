// Promises of writing the reports into a folder.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPORTERS } from "../../src/report/reporters.js";
import { writeReports } from "../../src/report/write.js";
import { failSample, passSample } from "./samples.js";

describe("writing the reports", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gp-load-write-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("writes one file for each reporter and leaves nothing half done", async () => {
    const { report, details } = passSample();
    const written = await writeReports(join(folder, "run-1"), report, details);
    expect(readdirSync(join(folder, "run-1")).sort()).toEqual(Object.keys(REPORTERS).sort());
    expect(readFileSync(written["report.json"], "utf8")).toBe(REPORTERS["report.json"](report));
  });

  it("replaces an older report", async () => {
    const { report, details } = passSample();
    await writeReports(join(folder, "run"), report, details);
    const fail = failSample();
    const written = await writeReports(join(folder, "run"), fail.report, fail.details);
    expect(JSON.parse(readFileSync(written["report.json"], "utf8")).verdict).toBe("FAIL");
  });

  it("keeps the old file whole when the new one cannot take its place", async () => {
    const { report, details } = passSample();
    mkdirSync(join(folder, "run", "junit.xml", "in-the-way"), { recursive: true });
    await expect(writeReports(join(folder, "run"), report, details)).rejects.toThrow();
    expect(readdirSync(join(folder, "run")).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("points latest at the newest run, relatively", async () => {
    const { report, details } = passSample();
    await writeReports(join(folder, "run-1"), report, details);
    await writeReports(join(folder, "run-2"), report, details);
    expect(readlinkSync(join(folder, "latest"))).toBe("run-2");
    expect(JSON.parse(readFileSync(join(folder, "latest", "report.json"), "utf8")).verdict).toBe("PASS");
  });

  it("leaves a real folder called latest alone", async () => {
    const { report, details } = passSample();
    mkdirSync(join(folder, "latest"));
    await writeReports(join(folder, "run-1"), report, details);
    expect(lstatSync(join(folder, "latest")).isDirectory()).toBe(true);
  });

  it("appends the summary to the step summary, and does not fail if that cannot be written", async () => {
    const { report, details } = passSample();
    const path = join(folder, "step.md");
    writeFileSync(path, "before\n");
    await writeReports(join(folder, "run"), report, details, { stepSummaryPath: path });
    expect(readFileSync(path, "utf8")).toMatch(/^before\n## ✓ PASS: enterprise-100/);
    await writeReports(join(folder, "run"), report, details, {
      stepSummaryPath: join(folder, "no", "such", "folder"),
    });
  });
});
