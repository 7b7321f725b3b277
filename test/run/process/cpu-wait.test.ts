// Reading how long a process waited for a core.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { cpuWaitUs } from "../../../src/run/process/cpu-wait.js";

it("the time without a core is the second figure of schedstat, and unknown if there is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "schedstat");
  writeFileSync(path, "9000000 1234567 42\n");
  expect(cpuWaitUs(path)).toBe(1235);
  writeFileSync(path, "nonsense");
  expect(cpuWaitUs(path)).toBeUndefined();
  expect(cpuWaitUs(join(folder, "absent"))).toBeUndefined();
});
