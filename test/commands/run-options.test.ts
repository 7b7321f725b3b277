// Promises of the command line as a report shows it.
import { describe, expect, it } from "vitest";
import { runCommand } from "../../src/commands/run.js";
import { invocationOf } from "../../src/commands/run-options.js";

describe("the command line in a report", () => {
  it("names what was given and what it changed, but not what was left as it is", () => {
    const options = {
      users: "20",
      reports: "reports",
      workers: "auto",
      set: ["sla.history.query=p99 < 50ms"],
      strict: true,
      json: false,
      build: "v1.8.2",
    };
    expect(invocationOf(runCommand, { args: ["smoke"], options })).toEqual({
      command: "gp-load run smoke --users 20 --set 'sla.history.query=p99 < 50ms' --build v1.8.2 --strict",
      overrides: ["users = 20", "sla.history.query = p99 < 50ms"],
      build: "v1.8.2",
    });
  });

  it("can be given to a shell again, whatever is in it", () => {
    const { command } = invocationOf(runCommand, { args: ["it's $(here)"], options: {} });
    expect(command).toBe("gp-load run 'it'\\''s $(here)'");
  });

  it.each([
    ["a name that tells it", "target.accounts.password=hunter22"],
    ["a map that holds such a name", "target={ headers: { authorization: hunter22 } }"],
    ["the password of a URL", "target.proxy=http://me:hunter22@proxy:80"],
  ])("holds no secret: %s", (_, setting) => {
    const shown = JSON.stringify(invocationOf(runCommand, { args: [], options: { set: [setting] } }));
    expect(shown).not.toContain("hunter22");
    expect(shown).toContain("***");
  });

  it("holds no password of a fleet's URL", () => {
    const options = { fleet: "rediss://me:hunter22@fleet:6379" };
    expect(invocationOf(runCommand, { args: [], options }).command).toBe(
      "gp-load run --fleet 'rediss://me:***@fleet:6379'",
    );
  });
});
