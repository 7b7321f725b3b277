// Where reports go: below the folder that was asked for, each run in a folder of its own.
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inReportFolder, newReportFolder, shownPath } from "../../src/app/report-folder.js";
import { UserError } from "../../src/support/errors.js";

const at = new Date(Date.UTC(2026, 2, 4, 5, 6, 7, 89));

describe("the folder of a run", () => {
  it("is named after its start and its scenario, in characters that every file system takes", () => {
    expect(newReportFolder({ reports: "reports" }, { cwd: "/home/ann" }, "a/b ü", at)).toBe(
      "/home/ann/reports/20260304T050607089Z-a_b__",
    );
    expect(newReportFolder({ reports: "/var/r" }, { cwd: "/home/ann" }, "smoke", at)).toBe(
      "/var/r/20260304T050607089Z-smoke",
    );
  });

  it("is made before anything is opened in it", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "gp-load-folder-")), "a", "b");
    expect(inReportFolder(folder, () => existsSync(folder))).toBe(true);
  });

  it("is refused, with what to do, if it cannot be made or written", () => {
    const file = join(mkdtempSync(join(tmpdir(), "gp-load-folder-")), "file");
    writeFileSync(file, "");
    const full = (): never => {
      throw new Error("ENOSPC: no space left");
    };
    for (const [folder, open] of [
      [join(file, "below"), () => {}],
      [join(file, ".."), full],
    ] as const) {
      expect(() => inReportFolder(folder, open)).toThrow(/^cannot write the report folder: /);
      expect(() => inReportFolder(folder, open)).toThrow(UserError);
    }
  });

  it("is shown from where people stand", () => {
    expect(shownPath("/home/ann/reports/x", { cwd: "/home/ann" })).toBe("reports/x");
    expect(shownPath("/home/ann", { cwd: "/home/ann" })).toBe("/home/ann");
  });
});
