// CPU that own code costs where it does nothing: an empty step, check and codec, against calling the same functions bare.
import { startOwnCheck } from "../../dist/checks/own-check.js";
import { defineCheck, defineCodec, defineStep } from "../../dist/extensions/define.js";
import { ExtensionHost } from "../../dist/extensions/host.js";
import { Meter } from "../../dist/extensions/meter.js";
import { ownStep } from "../../dist/session/steps/own-step.js";
import { nowUs } from "../../dist/support/clock.js";
import { median } from "../support/measure.mjs";

const CALLS = 100_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** Frames of one turn: a message out, an acknowledgement and five events in. */
const FRAMES = 7;

/** @returns medians of CPU microseconds per turn: the functions themselves, and what measuring them adds */
export async function extension() {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await once());
  const of = (name) => median(rounds.map((one) => one[name]));
  return [
    ["bare functions, CPU per turn", `${of("bare").toFixed(2)} µs`, ""],
    ["empty step, CPU per turn", `${of("step").toFixed(2)} µs`, each(rounds, "step")],
    ["empty check, CPU per turn", `${of("check").toFixed(2)} µs`, each(rounds, "check")],
    [`empty codec, CPU per turn of ${FRAMES} frames`, `${of("codec").toFixed(2)} µs`, each(rounds, "codec")],
  ];
}

const each = (rounds, name) => rounds.map((one) => one[name].toFixed(2)).join(", ");

async function once() {
  const step = async () => {};
  const turn = () => {};
  const decode = (frame) => frame;
  const module = { path: "/own.mjs", shown: "own.mjs", names: ["b/step", "b/check", "b/codec"], secrets: {} };
  const loaded = [
    defineStep({ name: "b/step", run: step }),
    defineCheck({ name: "b/check", turn }),
    defineCodec({ name: "b/codec", decode, encode: decode }),
  ].map((definition) => ({ extension: definition, module, place: "own.mjs:1" }));
  const meter = new Meter({ nowUs, note() {}, gcUs: () => 0, cpuWaitUs: () => undefined });
  const target = { url: "http://127.0.0.1", authUrl: undefined, allowedHosts: [] };
  const host = new ExtensionHost(loaded, [module], { meter, target, http: {}, nowUs, log: undefined });
  const samples = { push() {}, censor() {} };
  const services = {
    schedule: { clock: { nowUs }, samplesAt: () => ({ of: () => samples }) },
    observer: { trouble() {} },
    ownSteps: host,
  };
  const user = {
    ...{ number: 0, cursorUs: nowUs(), threads: [], kept: new Map() },
    ...{ session: { token: "t", userId: "u" }, random: { next: () => 0.5 } },
  };
  const settled = {
    user: 0,
    turn: 0,
    threadId: "t",
    runId: "r",
    outcome: "completed",
    intendedUs: 0,
    terminalUs: 1,
  };
  const check = startOwnCheck("b/check", host.check("b/check", {}), () => 0);
  const codec = host.codec({ name: "b/codec", options: {} });
  const looking = setInterval(() => meter.look(), 250);
  const figures = {
    bare: await cpuPerCall(async () => {
      await step();
      turn(settled);
      for (let frame = 0; frame < FRAMES; frame++) decode("frame");
    }),
    step: await cpuPerCall(() => ownStep("b/step").run({ user, services }, {})),
    check: await cpuPerCall(async () => check.turn(settled)),
    codec: await cpuPerCall(async () => {
      for (let frame = 0; frame < FRAMES; frame++) codec.decode("frame");
    }),
  };
  clearInterval(looking);
  return figures;
}

/** Microseconds of CPU, all threads of this process. */
async function cpuPerCall(call) {
  for (let warm = 0; warm < CALLS / 10; warm++) await call();
  const before = process.cpuUsage();
  for (let done = 0; done < CALLS; done++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}
