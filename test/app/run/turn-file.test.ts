// turns.jsonl as it is written: calendar time to the microsecond, and a full disk that is told of and stops nothing.
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openTurnFile } from "../../../src/app/run/turn-file.js";
import { TurnLines } from "../../../src/run/worker/kept/turn-lines.js";
import { nowUs, roughWallMinusMonoUs } from "../../../src/support/clock.js";
import { settled, turn } from "../../support/turns.js";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "gp-load-turns-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const [line] = (() => {
  const all = new TurnLines({
    ...{ choice: "all", workers: 1, tools: false },
    startUs: () => 999_998,
    labelsOf: () => [],
  });
  all.add(settled({ threadId: "a\u202eb" }), turn());
  return all.take().lines;
})();

it("says when each turn was intended, and hides no character", () => {
  const place = folder();
  const file = openTurnFile(place);
  const startUs = Math.round(nowUs());
  if (line) file.append([line, line], startUs);
  file.close();
  const text = readFileSync(join(place, "turns.jsonl"), "utf8");
  expect(text).toContain("a\\u202eb");
  const [first] = text.split("\n");
  const { at, intendedUs } = JSON.parse(first ?? "") as { at: string; intendedUs: number };
  expect(intendedUs).toBe(2);
  const wallUs = Math.round(startUs + roughWallMinusMonoUs() + 2);
  expect(Math.abs(Date.parse(at) - Math.floor(wallUs / 1000))).toBeLessThanOrEqual(2);
  expect(text.split("\n")).toHaveLength(3);
  expect(file.fault).toBeUndefined();
});

it("has the second of each turn, whichever settles first", () => {
  const place = folder();
  const file = openTurnFile(place);
  const after = [0, 1_000_000, 1_999_999, 500_000, 61_000_000];
  file.append(
    after.flatMap((us) => (line ? { ...line, intendedUs: us } : [])),
    0,
  );
  file.close();
  const lines = readFileSync(join(place, "turns.jsonl"), "utf8").trim().split("\n");
  const instants = lines.map((text) => {
    const { at } = JSON.parse(text) as { at: string };
    const [, toSecond = "", us] = /^(.*)\.(\d{6})Z$/.exec(at) ?? [];
    return Date.parse(`${toSecond}Z`) * 1000 + Number(us);
  });
  expect(instants.map((us) => us - (instants[0] ?? 0))).toEqual(after);
});

it("knows that the disk took nothing, also once memory holds no more", () => {
  const place = folder();
  symlinkSync("/dev/full", join(place, "turns.jsonl"));
  const file = openTurnFile(place);
  const many = Array.from({ length: 20_000 }, () => line).flatMap((one) => one ?? []);
  for (let at = 0; at < 5; at++) file.append(many, 0);
  file.close();
  expect(String(file.fault)).toContain("ENOSPC");
});
