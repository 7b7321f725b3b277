// The history of a reports folder: every run once, also when many end at the same time or lines are lost.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunReport } from "../../../src/model/report/report.js";
import { addToHistory, linksOf, rebuildHistory } from "../../../src/report/history/folder.js";
import { run } from "../../commands/command.fixture.js";
import { HOSTILE } from "../samples.js";
import { addReport, type MadeReport, reportsFolder } from "./samples.js";

const linked = (reports: string): readonly string[] =>
  [...readFileSync(join(reports, "index.html"), "utf8").matchAll(/href="([^"/]+)\/report\.html"/g)].map(
    ([, folder = ""]) => decodeURIComponent(folder.replaceAll("&#39;", "'")),
  );
const lines = (reports: string): readonly string[] =>
  readFileSync(join(reports, "index.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "");

describe("the pages near a report", () => {
  const reportIn = (reports: string, folder: string): RunReport =>
    JSON.parse(readFileSync(join(reports, folder, "report.json"), "utf8")) as RunReport;
  const added = async (reports: string, day: number, more: MadeReport = {}): Promise<string> => {
    const folder = addReport(reports, day, more);
    writeFileSync(join(reports, folder, "report.html"), "<p>");
    await addToHistory(reports, folder, "0.1.0");
    return folder;
  };

  it("are the history and the newest earlier run of the same scenario, target and load", async () => {
    const reports = reportsFolder();
    const first = await added(reports, 1);
    const of = (folder: string) => linksOf(join(reports, folder), reportIn(reports, folder));
    expect(of(first)).toEqual({ history: "../index.html" });
    const second = await added(reports, 2);
    await added(reports, 3, { target: "another" });
    await added(reports, 4, { scenario: "another" });
    await added(reports, 5, { users: 50 });
    const third = await added(reports, 6);
    expect(of(third)).toEqual({ history: "../index.html", before: `../${second}/report.html` });
    rmSync(join(reports, second, "report.html"));
    expect(of(third).before).toBe(`../${first}/report.html`);
  });

  it("include pages still to be written, and none if there is nothing else", () => {
    const reports = reportsFolder();
    const folder = addReport(reports, 1);
    const report = reportIn(reports, folder);
    expect(linksOf(join(reports, folder), report)).toEqual({});
    expect(linksOf(join(reports, folder), report, { history: true })).toEqual({ history: "../index.html" });
    expect(linksOf(join(reports, folder), report, { suite: true })).toEqual({ suite: "../index.html" });
    writeFileSync(join(reports, "suite.json"), "{}");
    expect(linksOf(join(reports, folder), report)).toEqual({ suite: "../index.html" });
  });
});

describe("the history of a folder", () => {
  it("grows by one line and one row a run, newest first", async () => {
    const reports = reportsFolder();
    const folders: string[] = [];
    for (const day of [1, 2, 3]) {
      folders.unshift(addReport(reports, day));
      await addToHistory(reports, folders[0] ?? "", "0.1.0");
      expect(linked(reports)).toEqual(folders);
      expect(lines(reports)).toHaveLength(day);
    }
  });

  it("includes older runs, and ignores anything that is not a run", async () => {
    const reports = reportsFolder();
    const old = addReport(reports, 1);
    mkdirSync(join(reports, "suite"));
    mkdirSync(join(reports, "foreign"));
    writeFileSync(join(reports, "foreign", "report.json"), "{}");
    symlinkSync(old, join(reports, "latest"));
    const folder = addReport(reports, 2);
    await addToHistory(reports, folder, "0.1.0");
    expect(linked(reports)).toEqual([folder, old]);
  });

  it("forgets a run whose folder was removed", async () => {
    const reports = reportsFolder();
    const gone = addReport(reports, 1);
    await addToHistory(reports, gone, "0.1.0");
    rmSync(join(reports, gone), { recursive: true });
    const folder = addReport(reports, 2);
    await addToHistory(reports, folder, "0.1.0");
    expect(linked(reports)).toEqual([folder]);
  });

  it("survives torn and damaged lines by reading the reports again", async () => {
    const reports = reportsFolder();
    const first = addReport(reports, 1);
    await addToHistory(reports, first, "0.1.0");
    const [line = ""] = lines(reports);
    writeFileSync(join(reports, "index.jsonl"), `${line.slice(0, 40)}\n{"v":1}\nnull\n`);
    appendFileSync(join(reports, "index.jsonl"), line.slice(0, 30));
    const second = addReport(reports, 2);
    await addToHistory(reports, second, "0.1.0");
    expect(linked(reports)).toEqual([second, first]);
    const before = lines(reports).length;
    await addToHistory(reports, second, "0.1.0");
    expect(linked(reports)).toEqual([second, first]);
    expect(lines(reports)).toHaveLength(before + 1);
  });

  it.each(["before upgrade", "50% & <b>#1?\"'", "vor dem Umzug – ä", "javascript:alert(1)"])(
    "keeps a run in a folder that a person named %s, once",
    async (name) => {
      const reports = reportsFolder();
      const folder = addReport(reports, 2);
      renameSync(join(reports, addReport(reports, 1)), join(reports, name));
      for (let end = 1; end <= 3; end++) {
        await addToHistory(reports, folder, "0.1.0");
        expect(linked(reports)).toEqual([folder, name]);
        // One for the run that ended, and the one line that was missing.
        expect(lines(reports)).toHaveLength(end + 1);
      }
      expect(readFileSync(join(reports, "index.html"), "utf8")).not.toContain("<b>#1");
    },
  );

  it("writes no line that it could not read again", async () => {
    const reports = reportsFolder();
    const folder = addReport(reports, 2);
    cpSync(join(reports, folder), join(reports, "a\\b"), { recursive: true });
    const odd = addReport(reports, 1);
    const path = join(reports, odd, "report.json");
    const report = JSON.parse(readFileSync(path, "utf8")) as RunReport;
    const backwards = Object.entries(report.metrics).map(([name, one]) => [
      name,
      { ...one, count: -5, censored: 0 },
    ]);
    writeFileSync(path, JSON.stringify({ ...report, metrics: Object.fromEntries(backwards) }));
    await addToHistory(reports, folder, "0.1.0");
    await addToHistory(reports, folder, "0.1.0");
    expect(linked(reports)).toEqual([folder]);
    expect(lines(reports)).toHaveLength(2);
  });

  it("takes no folder from a line that leads elsewhere", async () => {
    const reports = reportsFolder();
    const folder = addReport(reports, 1);
    await addToHistory(reports, folder, "0.1.0");
    const [line = ""] = lines(reports);
    appendFileSync(join(reports, "index.jsonl"), `${line.replaceAll(folder, "..")}\n`);
    await addToHistory(reports, folder, "0.1.0");
    expect(linked(reports)).toEqual([folder]);
  });

  it("holds every run when eight at a time end in the same folder", async () => {
    const reports = reportsFolder();
    const folders: string[] = [];
    const ends = async (day: number): Promise<void> => {
      // Each comes into being while others draw.
      await new Promise((resolve) => setTimeout(resolve, day % 3));
      const folder = addReport(reports, day);
      folders.push(folder);
      await addToHistory(reports, folder, "0.1.0");
    };
    for (let day = 1; day <= 24; day += 8) {
      await Promise.all(Array.from({ length: 8 }, (_, at) => ends(day + at)));
    }
    expect(lines(reports)).toHaveLength(24);
    expect([...linked(reports)].sort()).toEqual([...folders].sort());
  });

  it("is drawn with those that end while it is drawn", async () => {
    const reports = reportsFolder();
    const first = addReport(reports, 1);
    const drawing = addToHistory(reports, first, "0.1.0");
    // Its line comes after the first drawing has read the index, and its page is never drawn by itself.
    const second = addReport(reports, 2);
    const line = lines(reports)[0] ?? "";
    appendFileSync(
      join(reports, "index.jsonl"),
      `${line.replaceAll(first, second).replace("2026-03-01", "2026-03-02")}\n`,
    );
    await drawing;
    expect(linked(reports)).toEqual([second, first]);
  });

  it("shows what a report says as text, never as markup", async () => {
    const reports = reportsFolder();
    await addToHistory(
      reports,
      addReport(reports, 1, { scenario: HOSTILE, verdict: "FAIL", tags: [HOSTILE] }),
      "0.1.0",
    );
    const page = readFileSync(join(reports, "index.html"), "utf8");
    expect(page).not.toContain("<img");
    expect(page.match(/<script/g)).toHaveLength(2);
  });

  it("is rebuilt from the folders alone", async () => {
    const reports = reportsFolder();
    const folder = addReport(reports, 1);
    writeFileSync(join(reports, "index.jsonl"), "nonsense\n");
    expect(await rebuildHistory(reports, "0.1.0")).toBe(1);
    expect(linked(reports)).toEqual([folder]);
    expect(lines(reports)).toHaveLength(1);
  });
});

describe("gp-load history", () => {
  it("draws the page and says where", async () => {
    const reports = reportsFolder();
    addReport(reports, 1);
    const { exit, stdout } = await run(["history", reports]);
    expect([exit, stdout]).toEqual([0, `${join(reports, "index.html")}: 1 run\n`]);
    expect(existsSync(join(reports, "index.html"))).toBe(true);
  });

  it("refuses a folder that is not there", async () => {
    const { exit, stderr } = await run(["history", "nowhere"]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("no folder nowhere")]);
  });
});
