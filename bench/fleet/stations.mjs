// Fifty agents in one process, each with a worker that only tells: what a real one would tell of 200 turns a second.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveFleet } from "../../dist/fleet/agent/agent.js";
import { fleetKey } from "../../dist/fleet/messaging/fleet-key.js";
import { loadDurationUs } from "../../dist/load/load.js";
import { emptyAnomalies, emptyLedger } from "../../dist/model/turn/ledger.js";
import { nowUs, systemClock } from "../../dist/support/clock.js";

const [url, key, version, agents, turns] = process.argv.slice(2);
const METRICS = [
  ...["agent.response", "agent.response/service", "message.processing", "message.processing/service"],
  ...["answer.first", "event.gap", "tool.duration", "event.delivery", "generator.send-lag"],
];
process.chdir(mkdtempSync(join(tmpdir(), "gp-load-bench-")));

/** Latencies as they are: most near 20 ms, a long tail. */
function samplesOf(count, seed) {
  const samples = new Uint32Array(count);
  for (let at = 0; at < count; at++) {
    const random = (((at * 2_654_435_761 + seed * 97) >>> 0) % 1_000_003) / 1_000_003;
    samples[at] = Math.round(10_000 / (1.0001 - random) ** 0.5);
  }
  return samples;
}

function startWorker(number, users, { onMessage, onExit }) {
  let load;
  let total = 0;
  let cancel = () => {};
  const share = Math.round(users);
  const snapshot = (second) => {
    const batches = Object.fromEntries(
      METRICS.map((name, at) => [
        name,
        { samples: samplesOf(turns, second * 31 + at + number), censored: 0 },
      ]),
    );
    total += Number(turns);
    const ledger = emptyLedger();
    ledger.attempted = total;
    ledger.completed = total;
    ledger.delivery.live = total;
    return {
      ...{ type: "snapshot", worker: number, second, usersLive: share, usersStarted: 0 },
      ...{ turnsStarted: Number(turns), turnsEnded: Number(turns), turnsInFlight: 0 },
      batches: { hold: batches },
      ...{ deltas: {}, errors: {}, goodput: [[second, Number(turns), Number(turns)]], kept: [], probes: [] },
      directory: [],
      generator: {
        worker: number,
        cpu: 0.2,
        loopDelayP99Us: 900,
        sendLagP99Us: 300,
        gcUs: 900,
        rssBytes: 9e7,
      },
      state: {
        ...{
          ledgers: { hold: ledger },
          starts: {},
          anomalies: emptyAnomalies(),
          checks: {},
          unrecognised: [],
        },
        clock: { windows: [], stamped: 0, driftUs: 0, future: 0 },
      },
    };
  };
  const begin = (startUs) => {
    const seconds = Math.round(loadDurationUs(load) / 1e6);
    const next = (second) => {
      cancel = systemClock.at(startUs + (second + 1) * 1_000_000, () => {
        if (second === seconds - 1) {
          onMessage({ type: "done", worker: number, last: snapshot(second) });
          return onExit("exit 0");
        }
        onMessage(snapshot(second));
        return next(second + 1);
      });
    };
    next(0);
  };
  return {
    number,
    tell(message) {
      if (message.type === "start") begin(message.startUs);
      if (message.type === "stop") onMessage({ type: "done", worker: number, last: snapshot(9_999) });
      if (message.type !== "prepare") return;
      load = message.plan.scenario.load;
      const userIds = Array.from({ length: share }, (_, at) => {
        const user = number + at * message.plan.workers;
        return [`user-${user}-of-a-bench`, user];
      });
      const batches = {};
      onMessage({ type: "prepared", worker: number, userIds, ready: share, failures: [], batches });
    },
    async end() {
      cancel();
    },
  };
}

let ready = 0;
for (let at = 0; at < Number(agents); at++) {
  void serveFleet({
    ...{ secretUrl: url, key: fleetKey(key), version, name: `agent-${at}`, capacity: 1000, labels: [] },
    ...{ allowedHosts: [], once: true, startWorker, signal: new AbortController().signal },
    note(text) {
      if (text.includes("serves the fleet") && ++ready === Number(agents))
        process.stdout.write(`${nowUs()}\n`);
    },
  });
}
process.on("disconnect", () => process.exit(0));
