// The generator's own health as a worker reads it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { cpuWaitUs, startSelfMonitor } from "../../../src/run/worker/self-monitor.js";

it("the time without a core is the second figure of schedstat, and unknown where there is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "schedstat");
  writeFileSync(path, "9000000 1234567 42\n");
  expect(cpuWaitUs(path)).toBe(1235);
  writeFileSync(path, "nonsense");
  expect(cpuWaitUs(path)).toBeUndefined();
  expect(cpuWaitUs(join(folder, "absent"))).toBeUndefined();
});

it("a second's garbage collections, processor time and unsent bytes are told, each once", async () => {
  const monitor = startSelfMonitor();
  onTestFinished(() => monitor.stop());
  const held: unknown[] = [];
  for (let round = 0; round < 60; round++) held.push(new Array(100_000).fill(round));
  // Observers are told of collections a little later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const first = monitor.take(3, 77);
  expect(held).toHaveLength(60);
  expect(first).toMatchObject({ worker: 3, bufferedBytes: 77 });
  expect(first.gcUs).toBeGreaterThan(0);
  expect(first.cpu).toBeGreaterThan(0);
});
