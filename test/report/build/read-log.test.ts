// Reading run.jsonl back, whole, torn and damaged.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunLogRecord } from "../../../src/model/log/run-log.js";
import { readRunLog } from "../../../src/report/build/read-log.js";
import { openResultLog } from "../../../src/run/coordinator/result-log.js";
import { footer, header, ledger, rule, second, times } from "../../support/records.js";

const RULES = [rule("agent.response", "p50 < 5s")];
const RECORDS: readonly RunLogRecord[] = [
  header({ rules: RULES }),
  second(0, RULES, { hold: { "agent.response": { samples: times(30, 7_000_000), censored: 1 } } }),
  footer({ ledger: ledger({ attempted: 31, completed: 30, lost: 1 }) }),
];

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gp-load-read-"));
  path = join(folder, "run.jsonl");
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(records: readonly unknown[], ending = "\n"): void {
  writeFileSync(path, records.map((record) => JSON.stringify(record)).join("\n") + ending);
}

describe("a run log", () => {
  it("says when it is read what was said when it was written", async () => {
    const log = openResultLog(path);
    for (const record of RECORDS) log.append(record);
    log.close();
    const { fold, header: read } = await readRunLog(path);
    expect(read).toEqual(RECORDS[0]);
    expect(fold.footer).toEqual(RECORDS[2]);
    expect(fold.held("agent.response")).toMatchObject({ count: 30, censored: 1, violations: [30] });
  });

  it("is read without the footer that a crash took, and without its torn last line", async () => {
    write(RECORDS.slice(0, 2));
    expect((await readRunLog(path)).fold.footer).toBeUndefined();
    write(RECORDS.slice(0, 2), '\n{"type":"foot');
    const { fold } = await readRunLog(path);
    expect([fold.points.length, fold.footer]).toEqual([1, undefined]);
  });

  it("damaged before its end is refused, with the line", async () => {
    const [first, ...rest] = RECORDS.map((record) => JSON.stringify(record));
    writeFileSync(path, [first, '{"type":"sec', ...rest].join("\n"));
    await expect(readRunLog(path)).rejects.toMatchObject({
      name: "UserError",
      message: `${path}:2: not a line of a run log`,
      hint: "the file is damaged before its end",
    });
  });

  it("with former names of metrics has their present ones", async () => {
    const [, one] = RECORDS;
    const rules = [rule("goodput.share", ">= 99%"), rule("goodput", ">= 5"), rule("ttft", "p50 < 5s")];
    write([
      JSON.parse(
        JSON.stringify(header({ rules }))
          .replace("goodput.share", "goodput")
          .replace('"ttft"', '"answer.first"'),
      ),
      JSON.parse(JSON.stringify(one).replaceAll("agent.response", "answer.first")),
    ]);
    const { fold } = await readRunLog(path);
    expect(fold.rules.map(({ metric }) => metric)).toEqual(["goodput.share", "goodput", "ttft"]);
    expect(fold.held("ttft")).toMatchObject({ count: 30, violations: [30] });
    expect(fold.held("answer.first")).toBeUndefined();
  });

  it.each([
    ["a count that is text", { usersLive: "7" }, "usersLive"],
    ["a state without its histogram", { metrics: { hold: { login: { count: 1 } } } }, "metrics.hold.login"],
    ["a kind that nobody knows", { type: "moon" }, "type"],
  ])("with %s is refused, with the place", async (_what, wrong, place) => {
    const [first, one] = RECORDS;
    write([first, { ...one, ...wrong }]);
    await expect(readRunLog(path)).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringContaining(`${path}:2: not a record of a run log: ${place}: `),
    });
  });

  it("may hold keys of a later version", async () => {
    const [first, one, ...rest] = RECORDS;
    write([{ ...first, colour: "blue" }, { ...one, mood: 3 }, ...rest]);
    expect((await readRunLog(path)).fold.points).toHaveLength(1);
  });

  it("of another version is refused", async () => {
    write([{ ...header(), version: 99 }, ...RECORDS.slice(1)]);
    await expect(readRunLog(path)).rejects.toMatchObject({
      name: "UserError",
      message: `${path}: written in format 99`,
    });
  });

  it.each([
    ["empty", ""],
    ["of something else", '{"hello":1}\n'],
    ["without its header", `${JSON.stringify(footer())}\n`],
    ["torn in its first line", '{"type":"hea'],
    ["no text at all", "\u0000\u0001"],
    ["a lone null", "null\n"],
  ])("%s is refused as none", async (_what, text) => {
    writeFileSync(path, text);
    await expect(readRunLog(path)).rejects.toMatchObject({ name: "UserError" });
  });

  it.each([
    ["a header without its rules", { ...header(), rules: undefined }],
    ["a header whose rules are a text", { ...header(), rules: "none" }],
    ["a header that names no target", { ...header(), target: null }],
  ])("with %s is refused", async (_what, first) => {
    write([first, ...RECORDS.slice(1)]);
    await expect(readRunLog(path)).rejects.toMatchObject({ name: "UserError" });
  });

  it.each([
    ["a number", 5],
    ["a record of no known type", { type: "guess" }],
    ["a second without its metrics", { type: "second", second: 0 }],
    ["a footer without its ledger", { ...footer(), ledger: undefined }],
  ])("with %s in its middle is refused, with the line", async (_what, one) => {
    write([RECORDS[0], one, ...RECORDS.slice(1)]);
    await expect(readRunLog(path)).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringContaining(`${path}:2: not a `) as string,
    });
  });

  it("with counts of other limits than its own is refused, with the line", async () => {
    const others = [...RULES, rule("agent.response", "max < 9s")];
    const one = second(0, others, { hold: { "agent.response": { samples: times(30, 1000) } } });
    write([RECORDS[0], RECORDS[1], one]);
    await expect(readRunLog(path)).rejects.toMatchObject({
      name: "UserError",
      message: `${path}:3: not a line of a run log`,
    });
  });

  it("is read together with the lines that did not fit on the disk", async () => {
    write(RECORDS.slice(0, 1));
    const unwritten = RECORDS.slice(1).map((record) => JSON.stringify(record));
    const { fold } = await readRunLog(path, undefined, undefined, unwritten);
    expect(fold.footer).toEqual(RECORDS[2]);
    expect(fold.held("agent.response")).toMatchObject({ count: 30 });
  });

  it("that is not there is refused, and nothing crashes", async () => {
    await expect(readRunLog(join(folder, "nowhere.jsonl"))).rejects.toThrow("ENOENT");
  });

  it("cannot be judged by other limits than its second by second counts were made for", async () => {
    write(RECORDS);
    const others = [rule("agent.response", "p50 < 5s"), rule("agent.response", "max < 9s")];
    await expect(readRunLog(path, others)).rejects.toThrow();
  });
});
