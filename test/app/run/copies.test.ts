// `--junit` and `--summary`: what is in the report folder, where a CI looks for it, and nothing of an earlier run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { preparedCopies, writeCopies } from "../../../src/app/run/copies.js";
import { UserError } from "../../../src/support/errors.js";
import { testContext } from "../../support/app-context.js";

const asked = (options: Readonly<Record<string, string>>) => ({ args: [], options });

describe("copies of the reports", () => {
  it("are the files of the folder, in folders that are made", async () => {
    const context = testContext();
    const copies = await preparedCopies(
      asked({ junit: "out/deep/load.xml", summary: join(context.cwd, "load.md") }),
      context,
    );
    expect(existsSync(join(context.cwd, "out/deep/load.xml"))).toBe(false);
    writeFileSync(join(context.cwd, "junit.xml"), "<testsuites/>");
    writeFileSync(join(context.cwd, "summary.md"), "# run");
    await writeCopies(copies, context.cwd, context);
    expect(readFileSync(join(context.cwd, "out/deep/load.xml"), "utf8")).toBe("<testsuites/>");
    expect(readFileSync(join(context.cwd, "load.md"), "utf8")).toBe("# run");
    expect(context.err).toEqual([]);
  });

  it("are none if none was asked for", async () => {
    expect(await preparedCopies(asked({}), testContext())).toEqual({});
  });

  it("leave nothing of an earlier run, which would pass for the result of this one", async () => {
    const context = testContext();
    writeFileSync(join(context.cwd, "junit.xml"), "green");
    await preparedCopies(asked({ junit: "junit.xml" }), context);
    expect(existsSync(join(context.cwd, "junit.xml"))).toBe(false);
  });

  it.each([
    ["a folder", "folder", "not a regular file"],
    ["a device", "/dev/null", "not a regular file"],
    ["a path below a file", "file/junit.xml", "ENOTDIR|EEXIST"],
  ])("are refused beforehand if they cannot be: %s", async (_, path, why) => {
    const context = testContext();
    mkdirSync(join(context.cwd, "folder"));
    writeFileSync(join(context.cwd, "file"), "");
    const refused = preparedCopies(asked({ junit: path }), context);
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(new RegExp(`--junit ${path}: cannot be written: .*(${why})`));
    expect(existsSync(join(context.cwd, "file"))).toBe(true);
  });

  it("that cannot be written in the end are reported, and no error", async () => {
    const context = testContext();
    await writeCopies({ junit: join(context.cwd, "a.xml") }, join(context.cwd, "gone"), context);
    expect(context.err.join("")).toMatch(/^warning: --junit was not written: ENOENT/);
  });
});
