// turns.jsonl as it is written: whole lines in order, and a full disk that is told of and stops nothing.
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openTurnFile } from "../../../src/app/run/turn-file.js";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "gp-load-turns-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

it("takes texts of lines in the order in which they come", () => {
  const place = folder();
  const file = openTurnFile(place);
  file.append("1\n2\n");
  file.append("3\n");
  file.close();
  expect(readFileSync(join(place, "turns.jsonl"), "utf8")).toBe("1\n2\n3\n");
  expect(file.fault).toBeUndefined();
});

it("knows that the disk took nothing, also once memory holds no more", () => {
  const place = folder();
  symlinkSync("/dev/full", join(place, "turns.jsonl"));
  const file = openTurnFile(place);
  for (let at = 0; at < 5; at++) file.append(`${"x".repeat(8_000_000)}\n`);
  file.close();
  expect(String(file.fault)).toContain("ENOSPC");
});
