// The log of a run on a disk that fills up: no half lines, nothing lost, and no run without room to begin with.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { openResultLog } from "../../../src/run/coordinator/result-log.js";

const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
const note = (at: number) => ({ type: "note", atMs: at, text: `note ${at}` }) as const;

/** A log on a disk with so much room, which takes a part of what has no room as a whole. */
function onDisk() {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-full-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "run.jsonl");
  let room = Number.POSITIVE_INFINITY;
  const write = ((file: number, bytes: Buffer, at: number) => {
    const taken = Math.min(room, bytes.length - at, 7);
    if (taken === 0) throw full;
    room -= taken;
    return writeSync(file, bytes, at, taken);
  }) as typeof writeSync;
  const log = openResultLog(path, write);
  return {
    log,
    leave: (bytes: number) => {
      room = bytes;
    },
    lines: () => readFileSync(path, "utf8").split("\n").slice(0, -1),
  };
}

const texts = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as { text: string }).text);

describe("a run log on a disk that is full", () => {
  it("keeps whole lines alone in the file, the rest in memory, and why", () => {
    const { log, leave, lines } = onDisk();
    log.append(note(0));
    expect([log.unwritten, log.fault]).toEqual([[], undefined]);
    leave(10);
    log.append(note(1));
    log.append(note(2));
    log.close();
    expect(texts(lines())).toEqual(["note 0"]);
    expect(texts(log.unwritten)).toEqual(["note 1", "note 2"]);
    expect(log.fault).toBe(full);
  });

  it("writes waiting records in order once there is room again", () => {
    const { log, leave, lines } = onDisk();
    leave(0);
    log.append(note(0));
    log.append(note(1));
    leave(Number.POSITIVE_INFINITY);
    log.append(note(2));
    log.close();
    expect(texts(lines())).toEqual(["note 0", "note 1", "note 2"]);
    expect([log.unwritten, log.fault]).toEqual([[], undefined]);
  });

  it("has every record exactly once, in the file or in memory, however much room there was", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120), { maxLength: 12 }), (rooms) => {
        const { log, leave, lines } = onDisk();
        for (const [at, room] of rooms.entries()) {
          leave(room);
          log.append(note(at));
        }
        log.close();
        const all = [...texts(lines()), ...texts(log.unwritten)];
        expect(all).toEqual(rooms.map((_, at) => `note ${at}`));
      }),
      { numRuns: 40 },
    );
  });

  it.runIf(existsSync("/dev/full"))("does not begin at all without any room", () => {
    expect(() => openResultLog("/dev/full")).toThrow("ENOSPC");
  });

  it("is empty until something is written to it", () => {
    const { log, lines } = onDisk();
    log.close();
    expect(lines()).toEqual([]);
  });
});
