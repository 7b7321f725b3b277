// What a call costs the model endpoint of a run in CPU, its account included, beside an endpoint that only answers.
import { execFileSync, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { median } from "../support/measure.mjs";

const CALLS = Number(process.env.BENCH_CALLS ?? 30_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const AT_ONCE = 32;
const USERS = 500;
const RUN_SEED = 99;
const WANTED_RATE = 2000;
const CLOCK_TICKS = 100;
/** The endpoint has one core to itself, and the caller the other. */
const [ENDPOINT_CORE, CALLER_CORE] = [1, 0];
const SYSTEM = "You are the supervisor of a team that answers questions about the cost of a fleet. ".repeat(
  12,
);

/** @returns rows of the table: what, figure, remark */
export async function model() {
  const { nonceCodec } = await import("../../dist/model/turn/nonce.js");
  const { modelSpec, UNSCRIPTED } = await import("../../dist/scenarios/schema/model.js");
  const spec = modelSpec({ ...UNSCRIPTED, answers: [{ text: "Reduce the spend first. ".repeat(5) }] });
  const prompts = { runSeed: RUN_SEED, tellsFacts: false, plantsRecords: false };
  const own = new URL("../../dist/run/model-server/main.js", import.meta.url);
  const bare = new URL("./bare-endpoint.mjs", import.meta.url);
  const codec = nonceCodec(RUN_SEED);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = { type: "start", spec, embedded: false, prompts };
    rounds.push({ own: await costOf(own, codec, first), bare: await costOf(bare, codec) });
  }
  const us = median(rounds.map(({ own }) => own.cpuUs));
  const ratios = rounds.map(({ own, bare }) => own.cpuUs / bare.cpuUs);
  return [
    [
      "model endpoint, CPU per call",
      `${us.toFixed(0)} µs`,
      `${(SYSTEM.length / 1024).toFixed(1)} KB of prompt`,
    ],
    [`share of a core at ${WANTED_RATE} calls a second`, `${((us * WANTED_RATE) / 1e4).toFixed(0)} %`, ""],
    [
      "calls a second on one core, the caller on the other",
      median(rounds.map(({ own }) => own.rate)).toFixed(0),
      rounds.map(({ own }) => own.rate.toFixed(0)).join(", "),
    ],
    ["bare endpoint, CPU per call", `${median(rounds.map(({ bare }) => bare.cpuUs)).toFixed(0)} µs`, ""],
    ["ratio", median(ratios).toFixed(2), ratios.map((ratio) => ratio.toFixed(2)).join(", ")],
  ];
}

async function costOf(entry, codec, first) {
  const child = fork(fileURLToPath(entry), [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  pin(child.pid, ENDPOINT_CORE);
  pin(process.pid, CALLER_CORE);
  const ready = new Promise((resolve) => {
    child.on("message", (message) => message.type === "ready" && resolve(message.url));
  });
  if (first) child.send(first);
  const url = new URL(`${await ready}/v1/chat/completions`);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    await calls(url, agent, codec, CALLS / 10);
    const before = cpuSeconds(child.pid);
    const began = performance.now();
    await calls(url, agent, codec, CALLS);
    const seconds = (performance.now() - began) / 1000;
    return { cpuUs: ((cpuSeconds(child.pid) - before) * 1e6) / CALLS, rate: CALLS / seconds };
  } finally {
    agent.destroy();
    pin(process.pid, `${CALLER_CORE},${ENDPOINT_CORE}`);
    child.disconnect();
    child.kill();
  }
}

/** All threads of a process, those that it starts later too. */
function pin(pid, cores) {
  execFileSync("taskset", ["-a", "-p", "-c", String(cores), String(pid)], { stdio: "ignore" });
}

async function calls(url, agent, codec, count) {
  let next = 0;
  const caller = async () => {
    while (next < count) {
      const number = next++;
      const question = `My bill is too high. ${codec.encode(number % USERS, Math.floor(number / USERS))}`;
      const messages = [
        { role: "system", content: SYSTEM },
        { role: "user", content: question },
      ];
      await post(url, agent, JSON.stringify({ model: "m", messages }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
}

function post(url, agent, body) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`HTTP ${response.statusCode}`));
      response.resume().once("end", resolve);
    });
    asked.once("error", reject).end(body);
  });
}

/** User and system time of a process so far. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}
