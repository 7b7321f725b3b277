// Own code in a run: it logs in, steps, checks, codes and reports; what it does wrong is its own, and never the target's.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../docs/markdown.js";
import { reference } from "./support/reference.js";
import { scenarioFile } from "./support/scenario.js";
import { type Workspace, workspace } from "./support/workspace.js";

const PATIENT = { "event.delivery": "off", "message.processing": "max < 30s", "users.live": "off" };
const LOAD = { users: 4, ramp: "0s", hold: "3s", baseline: false };
/** Beyond the 4 s after which a call that waits for nothing known is named. */
const LONGER = { ...LOAD, hold: "5s" };
const walk = (step: unknown): readonly unknown[] => [
  "connect",
  { loop: [{ send: { prompt: "mix" } }, step, { think: "50ms..100ms" }] },
];

/** A workspace whose scenario file names `own.mjs`, which holds this code. */
function withCode(code: string, target: object, scenario: object): Workspace {
  const place = workspace({
    ...scenarioFile({ ...target }, { load: LOAD, sla: PATIENT, checks: [], ...scenario }),
    extensions: ["./own.mjs"],
  });
  // Modules find gp-load as in a project that has it installed.
  place.link("node_modules/gp-load", ROOT);
  place.write("own.mjs", code);
  return place;
}

const FOREIGN_WAIT = "new Promise((resolve) => setTimeout(resolve, 5))";

const BUSY = (ms: number, wait = "sleep(5)"): string => `import { defineStep } from "gp-load";
export const busy = defineStep({
  name: "acme/busy",
  async run({ sleep }) {
    await ${wait};
    // By the clock of the processor: on a busy machine this thread sleeps for part of any other.
    const from = process.cpuUsage();
    const used = ({ user, system }) => (user + system) / 1000;
    while (used(process.cpuUsage(from)) < ${ms});
  },
});`;

describe("a step of own code", () => {
  test.each([
    ["a sleep of gp-load", "sleep(5)"],
    ["a wait of its own", FOREIGN_WAIT],
  ])(
    "that computes for 30 ms after %s is named within 5 s, and makes the run INVALID",
    async (_what, wait) => {
      const { url } = await reference();
      const place = withCode(BUSY(30, wait), { url }, { journey: walk("acme/busy"), load: LONGER });
      const { report, stderr } = await place.run(["e2e"]);
      expect(report.verdict).toBe("INVALID");
      expect(report.exitCode).toBe(3);
      const [reason] = report.invalidReasons.filter(({ code }) => code === "extension");
      // Either that it kept the event loop, or what part of the delay it was: the larger part is told first.
      expect(reason?.message).toContain("the step acme/busy (./own.mjs:2)");
      const named = report.notes.find(({ text }) => text.includes("acme/busy (./own.mjs:2)"));
      expect(named?.atMs).toBeLessThan(5000);
      expect(stderr).toContain("acme/busy (./own.mjs:2)");
      const [one] = report.extensions ?? [];
      expect(one).toMatchObject({ name: "acme/busy", kind: "step", withinBounds: false });
      expect(one?.time.p50).toBeGreaterThan(25);
      // Its time is its own: the step itself only slept.
      expect(report.metrics["step.time"]?.p50).toBeLessThan(25);
    },
  );

  test.each(["sleep(5)", FOREIGN_WAIT])(
    "that computes nothing after %s leaves the run a PASS",
    async (wait) => {
      const { url } = await reference();
      const place = withCode(BUSY(0, wait), { url }, { journey: walk("acme/busy") });
      const { report } = await place.run(["e2e"]);
      expect(report.invalidReasons.filter(({ code }) => code === "extension")).toEqual([]);
      expect(report.verdict, report.summary).toBe("PASS");
      expect(report.extensions?.[0]).toMatchObject({ withinBounds: true, failed: 0, unsettled: 0 });
      expect(report.extensions?.[0]?.calls).toBeGreaterThan(10);
    },
  );

  test("that throws, rejects late or never settles ends no run; its secrets are its own, and are shown nowhere", async () => {
    const { url } = await reference();
    const code = `import { defineStep } from "gp-load";
export const steps = [
  defineStep({
    name: "acme/throws",
    secrets: ["SHOP_KEY"],
    run({ secrets, user }) {
      user.kept.set("other", String(process.env.OTHER_KEY));
      throw new Error(\`no stock for \${secrets.SHOP_KEY}, \${user.kept.get("other")}, \${secrets.OTHER_KEY}\`);
    },
  }),
  defineStep({ name: "acme/never", timeoutMs: 1000, run: () => new Promise(() => {}) }),
  defineStep({
    name: "acme/late",
    timeoutMs: 500,
    run: () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error("after all")), 1500)),
  }),
  defineStep({
    name: "acme/floating",
    run() {
      Promise.reject(new Error("nobody awaits this"));
      Promise.reject("nor this");
    },
  }),
];`;
    const steps = ["acme/throws", "acme/floating", "acme/never", "acme/late"];
    const journey = ["connect", { loop: [{ send: { prompt: "latency" } }, ...steps] }];
    const env = { SHOP_KEY: "key-of-the-shop", OTHER_KEY: "key-of-another" };
    const place = withCode(code, { url }, { journey, load: LONGER, sla: { ...PATIENT, "step.time": "off" } });
    const { report, stderr, stdout, folder } = await place.run(["e2e"], env);
    expect(report.ledger.completed).toBe(report.ledger.attempted);
    expect(report.verdict).toBe("INVALID");
    const by = new Map(report.extensions?.map((one) => [one.name, one]));
    expect(by.get("acme/throws")?.failed).toBe(by.get("acme/throws")?.calls);
    expect(by.get("acme/throws")?.trouble).toBe(
      "threw: no stock for ***, undefined, undefined (./own.mjs:8)",
    );
    expect(by.get("acme/never")?.unsettled).toBeGreaterThan(0);
    expect(by.get("acme/late")?.late).toBeGreaterThan(0);
    expect([...by.values()].reduce((sum, { late }) => sum + late, 0)).toBeGreaterThan(
      by.get("acme/late")?.late ?? 0,
    );
    const files = ["run.jsonl", "report.json", "report.html"].map((name) =>
      readFileSync(join(folder, name), "utf8"),
    );
    for (const text of [...files, stderr, stdout]) {
      expect(text).not.toContain("key-of-the-shop");
      expect(text).not.toContain("key-of-another");
    }
  });
});

test("a check of own code finds what it finds, and one that throws makes the run INVALID", async () => {
  const { url } = await reference();
  const code = `import { defineCheck, option } from "gp-load";
export const [found, clean, broken] = [
  defineCheck({
    name: "acme/short",
    options: { most: option.whole() },
    answer(answer, { options, find }) {
      if (answer.answer.length > options.most) find("too-long", "an answer is too long", answer);
    },
  }),
  defineCheck({ name: "acme/clean", turn() {} }),
  defineCheck({ name: "acme/broken", turn(turn) { turn.nothing.here; } }),
];`;
  const checks = [{ "acme/short": { most: 1 } }, "acme/clean", "acme/broken"];
  const { report } = await withCode(code, { url }, { checks }).run(["e2e"]);
  const status = new Map(report.checks.map((one) => [one.check, one.status]));
  expect([...status]).toEqual([
    ["acme/short", "found"],
    ["acme/clean", "clean"],
    ["acme/broken", "no-data"],
  ]);
  expect(report.verdict).toBe("FAIL");
  const [finding] = report.findings.filter(({ check }) => check === "acme/short");
  expect(finding).toMatchObject({ code: "too-long", severity: "fail" });
  expect(report.invalidReasons.some(({ message }) => message.includes("acme/broken"))).toBe(true);
});

test("a codec lies between wire and profile, and a reporter fills a file", async () => {
  const { url } = await reference();
  const code = `import { defineCodec, defineReporter } from "gp-load";
export const codec = defineCodec({
  name: "acme/marked",
  // What the backend's frames look like is left as it is: each one is taken apart and put together again.
  encode: (frame) => JSON.stringify(JSON.parse(frame)),
  decode: (frame) => [JSON.stringify(JSON.parse(frame))],
});
export const line = defineReporter({
  name: "acme/line",
  file: "line.txt",
  secrets: ["SHOP_KEY"],
  render: (report, { secrets }) => \`\${report.scenario.name} \${report.verdict} \${secrets.SHOP_KEY}\`,
});
export const broken = defineReporter({ name: "acme/bad", file: "bad.txt", render: () => { throw new Error("no"); } });`;
  const place = withCode(code, { url, codec: "acme/marked" }, { reporters: ["acme/line", "acme/bad"] });
  const { report, folder, stderr } = await place.run(["e2e"], { SHOP_KEY: "key-of-the-shop" });
  expect(report.ledger.completed).toBe(report.ledger.attempted);
  expect(report.extensions?.[0]).toMatchObject({ kind: "codec", failed: 0 });
  expect(report.extensions?.[0]?.calls).toBeGreaterThan(report.ledger.attempted);
  expect(readFileSync(join(folder, "line.txt"), "utf8")).toBe(`e2e ${report.verdict} ***`);
  expect(stderr).toContain("the reporter acme/bad wrote no bad.txt: no (./own.mjs:");
});

test("a codec that throws makes the run INVALID: what the frames held is not known", async () => {
  const { url } = await reference();
  const code = `import { defineCodec } from "gp-load";
let frames = 0;
export default defineCodec({
  name: "acme/broken",
  decode(frame) {
    if (++frames % 10 === 0) throw new Error("not today");
    return frame;
  },
});`;
  const { report } = await withCode(code, { url, codec: "acme/broken" }, {}).run(["e2e"]);
  expect(report.verdict).toBe("INVALID");
  const [reason] = report.invalidReasons.filter(({ code: name }) => name === "extension");
  expect(reason?.message).toContain("the codec acme/broken (./own.mjs:3) threw");
});
