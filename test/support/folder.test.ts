// Folders are made where they can be, and refused at once where they cannot.
import { existsSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../../src/support/folder.js";

const place = (): string => mkdtempSync(join(tmpdir(), "gp-load-folder-"));

describe("makeFolder", () => {
  it("makes what is missing above it, and leaves alone what is there", () => {
    const folder = join(place(), "a", "b", "c");
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it("is refused below a file", () => {
    const file = join(place(), "file");
    writeFileSync(file, "");
    expect(() => makeFolder(join(file, "a", "b"))).toThrow("ENOTDIR");
    expect(() => makeFolder(file)).toThrow("EEXIST");
  });

  it.skipIf(!existsSync("/proc/self"))("is refused at once if no folder can be made", () => {
    expect(() => makeFolder("/proc/reports/a/b")).toThrow("ENOENT");
  });
});
