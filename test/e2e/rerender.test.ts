// `gp-load report`: the same verdict from the log alone, also from one that a crash cut off.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunReport } from "../../src/model/report/report.js";
import { FULL_ONLY } from "../support/tags.js";
import { cli } from "./support/cli.js";
import { neutralServer } from "./support/neutral-server.js";
import { load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const FILES = [
  "report.json",
  "report.html",
  "junit.xml",
  "summary.md",
  "summary.svg",
  "histograms.hlog",
  "metrics.csv",
];

test("renders the same reports again, byte for byte, and exits as the run did", async () => {
  const { url } = await neutralServer();
  const place = workspace(scenarioFile({ url }, { load: load(5, "2s") }));
  const { folder, code, stdout } = await place.run(["e2e"]);
  const before = FILES.map((name) => readFileSync(join(folder, name), "utf8"));
  for (const name of FILES) writeFileSync(join(folder, name), "");
  const again = await cli(["report", folder], { cwd: place.folder });
  expect(FILES.map((name) => readFileSync(join(folder, name), "utf8"))).toEqual(before);
  expect(again).toMatchObject({ code, stdout, stderr: "" });
  const json = await cli(["report", "--json"], { cwd: place.folder });
  expect(JSON.parse(json.stdout)).toEqual(JSON.parse(before[0] ?? ""));
});

test("renders a log that was cut off in mid-line as INVALID, with what it holds", {
  tags: FULL_ONLY,
}, async () => {
  const { url } = await neutralServer();
  const place = workspace(scenarioFile({ url }, { load: load(5, "3s") }));
  const { folder } = await place.run(["e2e"]);
  const path = join(folder, "run.jsonl");
  const log = readFileSync(path, "utf8");
  const secondSecond = log.indexOf('"type":"second"', log.indexOf('"type":"second"') + 1);
  const thirdSecond = log.indexOf('"type":"second"', secondSecond + 1);
  expect(thirdSecond).toBeGreaterThan(0);
  writeFileSync(path, log.slice(0, thirdSecond + 40));
  const again = await cli(["report", folder], { cwd: place.folder });
  const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as RunReport;
  expect(report.verdict).toBe("INVALID");
  expect(report.invalidReasons.map((reason) => reason.code)).toContain("cut-off");
  expect(report.timeline.length).toBe(2);
  expect(again.stdout).toContain("INVALID");
  expect(again.stderr).not.toMatch(/^\s+at /m);
  expect(again.code).toBe(3);
});

test("a folder without a log is a usage error", { tags: FULL_ONLY }, async () => {
  const place = workspace({});
  const { code, stderr } = await cli(["report", "."], { cwd: place.folder });
  expect(code).toBe(2);
  expect(stderr).toContain("no run.jsonl");
});
