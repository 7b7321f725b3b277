// A network that swallows packets without a word, between two hosts: users notice by their pings, and every turn settles.
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/services.js";
import { startCli } from "./support/cli.js";
import { type TwoHosts, twoHosts } from "./support/two-hosts.js";
import { type RunResult, workspace } from "./support/workspace.js";

const USERS = 6;
const SILENCE_MS = 2000;

describeWith(["two hosts"], "two hosts", () => {
  let hosts: TwoHosts;
  beforeAll(() => {
    hosts = twoHosts();
  });
  afterAll(() => hosts?.remove());

  /** Six users talk for 16 s; from 3 s to 7 s all packets vanish. */
  async function run(url: string): Promise<RunResult> {
    const place = workspace({
      version: 1,
      targets: {
        other: {
          url,
          accounts: { pattern: "half-open-{n}@example.com", password: "a password", register: true },
          connect: { ping: "500ms", silence: `${SILENCE_MS}ms`, timeout: "1s", reconnects: 60 },
        },
      },
      scenarios: {
        "packets-vanish": {
          target: "other",
          load: { users: USERS, ramp: "0s", hold: "16s", baseline: false },
          journey: ["connect", { loop: [{ send: {} }, { think: "100ms..200ms" }] }],
          checks: ["critical-events", "isolation", "history"],
          faults: [
            { at: "3s", for: "4s", exec: { label: "packets vanish", run: hosts.drop, undo: hosts.restore } },
          ],
          turn: { timeout: "12s" },
          settle: "5s",
          sla: {
            "users.live": "off",
            "turns.success": "off",
            "turns.lost": "off",
            "message.processing": "off",
            "event.delivery": "off",
            "agent.response": "max < 11500ms",
            recovery: "max < 5s",
          },
        },
      },
    });
    const args = ["run", "packets-vanish", "--allow-exec", "--allow-faults"];
    return place.resultOf(await startCli(args, { cwd: place.folder, through: hosts.asUsers }).finished);
  }

  it("show a half-open connection: silence is noticed, everyone comes back, and no turn is unaccounted for", async () => {
    const backend = await hosts.backend();
    const { report, stdout } = await run(backend.url);
    const { ledger, metrics, phaseMetrics, faults, timeline } = report;
    // Here nothing is measured that a busy machine could spoil.
    const wrong = report.invalidReasons.filter(({ code }) => !code.startsWith("generator-"));
    expect([report.verdict === "FAIL", wrong, stdout]).toEqual([false, [], stdout]);
    // Nobody was told: no close, no reset, only silence.
    const errors: Record<string, number> = {};
    for (const point of timeline)
      for (const [cause, count] of Object.entries(point.errors)) errors[cause] = (errors[cause] ?? 0) + count;
    expect(errors["channel silent for 2.00s"]).toBe(USERS);
    const seen = (name: string) =>
      [metrics, ...Object.values(phaseMetrics)].flatMap((all) => all[name] ?? []);
    const count = (name: string): number => seen(name).reduce((sum, metric) => sum + metric.count, 0);
    expect([count("detection"), count("reconnect")]).toEqual([USERS, USERS]);
    expect(seen("detection")[0]?.min).toBeGreaterThan(SILENCE_MS - 500);
    expect(faults).toMatchObject([{ label: "exec: packets vanish", recovered: "yes" }]);
    const { attempted, completed, failed, rejected, timedOut, lost, inFlightAtEnd } = ledger;
    expect(completed + failed + rejected + timedOut + lost).toBe(attempted);
    expect(inFlightAtEnd).toBe(0);
    // What never reached the other host is lost, and nothing else.
    expect(attempted - lost).toBe(backend.stats().messagesAccepted);
  });
});
