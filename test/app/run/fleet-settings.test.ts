// What the command line refuses under `--fleet`: nothing for what only one machine lacks.
import { describe, expect, it } from "vitest";
import { EXIT } from "../../../src/support/errors.js";
import { run } from "../../commands/command.fixture.js";

const TARGET = { url: "https://staging.example.com", accounts: { pattern: "u{n}", password: "pass-word" } };
/** More users than a machine has ports, whatever its range. */
const scenario = {
  target: "staging",
  load: { users: 100_000, ramp: "1s", hold: "5s" },
  journey: ["connect", { send: {} }],
};
const FILES = {
  "fleet.key": "k3v9XcYt0pLk2mNb8sDf7gHj4aZw1eRu",
  "scenarios.yaml": JSON.stringify({
    version: 1,
    targets: { staging: TARGET },
    scenarios: { large: scenario, huge: { ...scenario, load: { ...scenario.load, users: 200_000 } } },
  }),
};
/** A run that got so far as to look for its fleet was not refused for its size. */
const FLEET = ["--fleet", "redis://127.0.0.1:1", "--fleet-key-file", "fleet.key"];
const NO_FLEET = "no fleet over redis://127.0.0.1:1";

describe("a load that only a fleet carries", () => {
  const commandLines = ["large", "large huge", "large --repeat 3"];

  it.each(commandLines)("is not held to the ports of the coordinator: run %s", async (line) => {
    const { exit, stderr } = await run(["run", ...line.split(" "), ...FLEET], FILES);
    expect(stderr).toContain(NO_FLEET);
    expect(stderr).not.toContain("this machine");
    expect(exit).toBe(EXIT.usage);
  });

  it.each(commandLines)("is refused on one machine: run %s", async (line) => {
    const { exit, stderr } = await run(["run", ...line.split(" ")], FILES);
    expect(stderr).toContain("this machine");
    expect(exit).toBe(EXIT.usage);
  });
});

describe("the key of a fleet", () => {
  it("is read before the run", async () => {
    const { exit, stderr } = await run(["run", "large", ...FLEET.slice(0, 3), "absent.key"], FILES);
    expect(stderr).toContain("cannot read the fleet's key");
    expect(exit).toBe(EXIT.usage);
  });
});

describe("--workers", () => {
  const refusal = async (workers: string, more: readonly string[]): Promise<string> => {
    const { exit, stderr } = await run(["run", "large", "--workers", workers, ...more], FILES);
    expect(exit).toBe(EXIT.usage);
    return stderr;
  };

  it("means machines under --fleet: as many as a load can be cut for", async () => {
    for (const workers of ["80", "400", "4096"]) expect(await refusal(workers, FLEET)).toContain(NO_FLEET);
    expect(await refusal("4097", FLEET)).toContain("--workers 4097 is not a whole number from 1 to 4096");
  });

  it("means processes of one machine otherwise", async () => {
    expect(await refusal("65", [])).toContain("--workers 65 is not a whole number from 1 to 64");
  });
});
