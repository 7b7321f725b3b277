// The prompts that a run may send: the library's and the user's own, filled in for each user and turn.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Random, randomFrom } from "../../support/random.js";
import { loadPromptFile, MIX, type Prompt, type Weight } from "./prompt.js";
import { type Asker, type RenderedPrompt, renderPrompt } from "./render.js";

export function libraryPrompts(): readonly Prompt[] {
  return shipped("library.yaml");
}

const alreadyRead = new Map<string, readonly Prompt[]>();

/** Reads a file next to this one on first use: many commands need none. */
function shipped(file: string): readonly Prompt[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const prompts = alreadyRead.get(file) ?? loadPromptFile(path, (one) => readFileSync(one, "utf8"));
  alreadyRead.set(file, prompts);
  return prompts;
}

/** Shares of the mix; they sum to 1. */
const SHARES: readonly (readonly [Weight, number])[] = [
  ["light", 0.6],
  ["medium", 0.3],
  ["heavy", 0.1],
];

interface DrawnPrompt extends RenderedPrompt {
  readonly id: string;
  readonly weight: Weight;
}

/** Prompts that a run may send, by id. */
export interface PromptSet {
  readonly ids: readonly string[];
  /** Weights that the mix has prompts for. */
  readonly weights: readonly Weight[];
  /**
   * Fills in the prompt `id`; for `mix`, one drawn from `random`, of the given weight if any. The same arguments give the
   * same question. Throws for an unknown id: the scenario file was checked, so that would be a bug of ours.
   */
  render(id: string, user: number, turn: number, random: Random, weight?: Weight): DrawnPrompt;
  /** The same question for all users: the same figures, in one of the prompt's wordings. */
  renderShared(id: string, wording: number): DrawnPrompt;
}

/** The library and a user's own prompts, which replace the library's with the same id. */
export function promptSet(own: readonly Prompt[] = []): PromptSet {
  const byId = new Map(
    [...libraryPrompts(), ...shipped("asking.yaml"), ...own].map((prompt) => [prompt.id, prompt]),
  );
  // With own prompts, the mix is drawn from these alone.
  const mixed = own.length > 0 ? own : libraryPrompts();
  const byWeight = SHARES.map(([weight, share]) => ({
    weight,
    share,
    prompts: mixed.filter((prompt) => prompt.weight === weight),
  })).filter(({ prompts }) => prompts.length > 0);
  return {
    ids: [...byId.keys()],
    weights: byWeight.map(({ weight }) => weight),
    render(id, user, turn, random, weight) {
      const among = weight === undefined ? byWeight : byWeight.filter((one) => one.weight === weight);
      const prompt = id === MIX ? drawn(among, random) : byId.get(id);
      if (!prompt) throw new Error(`no prompt named ${id}`);
      return filled(prompt, { user, turn, random });
    },
    renderShared(id, wording) {
      const random = randomFrom("asked by all alike", id);
      const prompt = id === MIX ? drawn(byWeight, random) : byId.get(id);
      if (!prompt) throw new Error(`no prompt named ${id}`);
      return filled(prompt, { user: 0, turn: 0, random, wording });
    },
  };
}

function filled(prompt: Prompt, asker: Asker): DrawnPrompt {
  const { text, values, facts } = renderPrompt(prompt, asker);
  return { id: prompt.id, weight: prompt.weight, text, values, facts };
}

type Weighted = readonly { readonly share: number; readonly prompts: readonly Prompt[] }[];

/** If a weight has no prompts, the others keep their proportions. */
function drawn(byWeight: Weighted, random: Random): Prompt | undefined {
  const total = byWeight.reduce((sum, { share }) => sum + share, 0);
  let left = random.next() * total;
  const group = byWeight.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  const prompts = (group ?? byWeight.at(-1))?.prompts ?? [];
  return prompts[random.below(prompts.length)];
}
