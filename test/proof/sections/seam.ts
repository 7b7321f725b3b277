// Proof: leaks in prompts over real HTTP: all that were seeded are found at their places, and none where nothing was.
import { AXES } from "../../../src/app/axes.js";
import { type NonceCodec, nonceCodec } from "../../../src/model/turn/nonce.js";
import type { CallBegun } from "../../../src/run/model-server/messages.js";
import { startRunModel } from "../../../src/run/process/run-model.js";
import { loadScenarios } from "../../../src/scenarios/load-file.js";
import { type Random, randomFrom } from "../../../src/support/random.js";
import type { Section } from "../section.js";

const CALLS = 100_000;
const LEAKS = 100;
const USERS = 500;
const AT_ONCE = 32;
const RUN_SEED = 99;
const ROLES = ["system", "user", "tool"] as const;
const FILLER = "Reduce the spend of 12,300 a month, and tell what to do first. ".repeat(8);

/** One call's prompt, and where another user's nonce was put into it. */
interface Prompt {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly leak: { readonly message: number; readonly owner: number } | undefined;
}

export const seam: Section = {
  title: "Leaks in prompts",
  about: `${CALLS.toLocaleString("en")} model calls of ${USERS} users over HTTP to the endpoint of a run, each with a system prompt, the user's message and a tool's result, and ${LEAKS} more of them with another user's nonce in the system prompt or the tool's result, at a place drawn by chance. The endpoint has to find each with its message and its owner, and nothing else. \`--runs n\` makes n thousand clean calls.`,
  named: false,
  async run(context) {
    const clean = context.runs === undefined ? CALLS : context.runs * 1000;
    const began = performance.now();
    const told = await callsOf(clean);
    const seconds = (performance.now() - began) / 1000;
    const { found, misplaced, falseAlarms, strayed } = told;
    const rate = Math.round((clean + LEAKS) / seconds);
    return {
      holds: found === LEAKS && misplaced === 0 && falseAlarms === 0 && strayed === 0,
      summary: `${found} of ${LEAKS} leaks are found, ${falseAlarms} of ${clean} clean calls are called leaks.`,
      columns: [
        ">clean calls",
        ">called leaks",
        ">seeded leaks",
        ">found",
        ">at the wrong place",
        ">of the wrong turn",
        ">seconds",
        ">calls a second",
      ],
      rows: [[clean, falseAlarms, LEAKS, found, misplaced, strayed, Math.round(seconds), rate].map(String)],
    };
  },
};

async function callsOf(clean: number) {
  const text = JSON.stringify({
    version: 1,
    targets: { t: { profile: "golden-path", url: "http://127.0.0.1:9" } },
    scenarios: {
      s: { target: "t", model: true, load: { users: 2, hold: "1s" }, journey: ["connect", "send"] },
    },
  });
  const parts = [{ path: "s.yaml", text }];
  const { scenarios } = loadScenarios({ path: "s.yaml", parts, axes: AXES, env: {}, readText: () => "" });
  const [scenario] = scenarios;
  const server =
    scenario &&
    (await startRunModel(scenario, { runSeed: RUN_SEED, tellsFacts: false, plantsRecords: false }));
  if (!server) throw new Error("no model endpoint was started");
  const codec = nonceCodec(RUN_SEED);
  const random = randomFrom("prompt leaks");
  const every = Math.floor(clean / LEAKS) + 1;
  const all = clean + LEAKS;
  /** By the name of the model, which each call has for itself. */
  const seeded = new Map<string, Prompt["leak"]>();
  const told = { found: 0, misplaced: 0, falseAlarms: 0, strayed: 0 };
  const take = (call: CallBegun): void => {
    const number = Number(call.model);
    if (call.user !== number % USERS || call.turn !== Math.floor(number / USERS)) told.strayed++;
    const leak = seeded.get(call.model);
    if (!leak) {
      if (call.leaks.length > 0) told.falseAlarms++;
      return;
    }
    const [one, ...more] = call.leaks;
    if (!one) return;
    told.found++;
    if (more.length > 0 || one.message !== leak.message || one.owner !== leak.owner) told.misplaced++;
  };
  server.listen(
    ({ begun }) => begun.forEach(take),
    () => {},
  );
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < all) {
      const number = next++;
      const { messages, leak } = promptOf(number, number % every === every - 1, codec, random);
      if (leak) seeded.set(String(number), leak);
      const response = await fetch(`${server.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: String(number), messages }),
      });
      await response.arrayBuffer();
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, caller));
    await server.sync();
  } finally {
    await server.stop();
  }
  return told;
}

function promptOf(number: number, leaks: boolean, codec: NonceCodec, random: Random): Prompt {
  const user = number % USERS;
  const own = `My bill is too high. ${codec.encode(user, Math.floor(number / USERS))} What now? ${FILLER}`;
  const texts = [FILLER, own, FILLER];
  const messages = texts.map((content, at) => ({ role: ROLES[at] ?? "user", content }));
  if (!leaks) return { messages, leak: undefined };
  // A user's own message with two nonces could be either user's: the system prompt, or the tool's result.
  const message = 2 * random.below(2);
  const owner = (user + 1 + random.below(USERS - 1)) % USERS;
  const content = texts[message] ?? "";
  // Between two words of the filler at the end: what cuts the user's own nonce leaves none.
  const at = content.indexOf(" ", content.length - 1 - random.below(FILLER.length / 2)) + 1;
  const leaked = `${content.slice(0, at)}${codec.encode(owner, 3)} ${content.slice(at)}`;
  return {
    messages: messages.map((one, index) => (index === message ? { ...one, content: leaked } : one)),
    leak: { message, owner },
  };
}
