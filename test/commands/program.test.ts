// The command line itself: help, mistakes, errors and their exit codes.
import { describe, expect, it } from "vitest";
import { type CommandModule, repeatable } from "../../src/commands/command.js";
import { COMMANDS } from "../../src/commands/table.js";
import { EXIT, UserError } from "../../src/support/errors.js";
import { run } from "./command.fixture.js";

/** A command that does as it is told. */
const command = (act: CommandModule["run"]): CommandModule => ({
  name: "act",
  summary: "acts",
  argument: { name: "[thing...]", description: "things" },
  options: {
    "-n, --name <name>": { description: "a name", default: "nobody" },
    "--also <name>": repeatable("further names"),
    "--loud": "louder",
  },
  examples: ["gp-load act now"],
  run: act,
});

describe("help", () => {
  it("lists every command with an example, and succeeds", async () => {
    const { exit, stdout, stderr } = await run(["--help"]);
    expect([exit, stderr]).toEqual([0, ""]);
    for (const { name, summary } of COMMANDS) {
      expect(stdout).toContain(`  ${name}`);
      expect(stdout.replace(/\s+/g, " ")).toContain(summary);
    }
    expect(stdout).toMatch(/\nExamples:\n {2}\$ gp-load /);
  });

  it("of a command shows its options and examples", async () => {
    const { exit, stdout } = await run(["act", "--help"], {}, [command(async () => EXIT.pass)]);
    expect(exit).toBe(0);
    expect(stdout).toContain('-n, --name <name>  a name (default: "nobody")');
    expect(stdout).toContain("$ gp-load act now");
  });

  it("goes to stderr, with exit code 2, when there is no command", async () => {
    const { exit, stdout, stderr } = await run([]);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: gp-load");
  });

  it("tells the version", async () => {
    const { exit, stdout } = await run(["--version"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe("a disk that takes nothing more", () => {
  it("ends a command with a code of its own, and is no bug", async () => {
    const full = Object.assign(new Error("no space left on device, write"), { code: "ENOSPC" });
    const acting = [command(() => Promise.reject(full))];
    const { exit, stderr } = await run(["act"], {}, acting);
    expect([exit, EXIT.unwritten]).toEqual([74, 74]);
    expect(stderr).toBe(
      "error: the results cannot be written: ENOSPC: no space left on device, write\n  make room on the disk, or name another folder (--reports)\n",
    );
  });

  it("is not every fault of the file system", async () => {
    const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
    const { exit } = await run(["act"], {}, [command(() => Promise.reject(missing))]);
    expect(exit).toBe(70);
  });
});

describe("a mistyped command line", () => {
  it.each([
    [["lst"], "unknown command 'lst'", "Did you mean list?"],
    [["list", "--tga", "x"], "unknown option '--tga'", "Did you mean --tag?"],
    [["list", "--file"], "option '-f, --file <path>' argument missing", "--help"],
    [["schema", "x"], "too many arguments for 'schema'", "--help"],
  ])("%j exits with 2 and says what was meant", async (args, problem, help) => {
    const { exit, stdout, stderr } = await run(args);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(help);
  });
});

describe("a command", () => {
  it("gets its arguments and options, and its exit code is the program's", async () => {
    const seen: unknown[] = [];
    const act = command(async (input) => {
      seen.push(input);
      return EXIT.invalid;
    });
    const { exit } = await run(["act", "a", "b", "--also", "x", "--also", "y", "--loud"], {}, [act]);
    expect(exit).toBe(3);
    expect(seen).toEqual([{ args: ["a", "b"], options: { name: "nobody", also: ["x", "y"], loud: true } }]);
  });

  it.each([
    ["EACCES", "choose another place"],
    ["EPERM", "choose another place"],
    ["EMFILE", "ulimit -n"],
  ])("that the file system refuses is told with what to do, without a stack: %s", async (code, hint) => {
    const refused = Object.assign(new Error(`${code}: refused, open '/x'`), {
      code,
      syscall: "open",
      path: "/x",
    });
    const act = command(async () => Promise.reject(refused));
    const { exit, stderr } = await run(["act"], {}, [act]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(new RegExp(`^error: ${code}: refused, open '/x'\n  .*${hint}`));
    expect(stderr.trim().split("\n")).toHaveLength(2);
  });

  it("that fails without the file system's doing has a bug, whatever its code", async () => {
    const odd = Object.assign(new Error("EACCES of our own"), { code: "EACCES" });
    const { exit, stderr } = await run(["act"], {}, [command(async () => Promise.reject(odd))]);
    expect([exit, stderr]).toEqual([70, expect.stringContaining("has a bug")]);
  });

  it("that throws a UserError is reported with its hint, without a stack, exit code 2", async () => {
    const act = command(async () => {
      throw new UserError("no socket left", "close some\nor raise the limit");
    });
    const { exit, stderr } = await run(["act"], {}, [act]);
    expect(exit).toBe(2);
    expect(stderr).toBe("error: no socket left\n  close some\n  or raise the limit\n");
  });

  it("that throws anything else is a bug: its stack, exit code 70", async () => {
    const act = command(async () => {
      throw new TypeError("x is not a function");
    });
    const { exit, stderr } = await run(["act"], {}, [act]);
    expect(exit).toBe(70);
    expect(stderr).toMatch(/TypeError: x is not a function\n +at /);
    const odd = await run(["act"], {}, [command(() => Promise.reject("just text"))]);
    expect([odd.exit, odd.stderr.includes("just text")]).toEqual([70, true]);
  });
});
