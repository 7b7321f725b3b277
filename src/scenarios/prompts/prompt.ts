// What a prompt is: a text with each user's own figures, and the facts that a good answer must use; and files of them.
import { z } from "zod";
import type { Frozen } from "../../model/log/frozen.js";
import { parseWholeFile } from "../parse/whole-file.js";
import { sound, text, whole } from "../schema/fields.js";

/** How much work a prompt asks for; a mix draws 60 % light, 30 % medium, 10 % heavy. */
export const WEIGHTS = ["light", "medium", "heavy"] as const;
export type Weight = (typeof WEIGHTS)[number];

/** What `send: { prompt: mix }` means: any prompt, light ones most often. */
export const MIX = "mix";

const LARGEST = 1_000_000_000;

/**
 * A number of one user: `from + perUser·user + perTurn·turn`. With `to`, a seeded draw of `from`, `from + step` … up to
 * `to` replaces `from`. Written with thousands separators.
 */
const figureSchema = z.strictObject({
  from: whole("Lowest value", 5000, { max: LARGEST }),
  to: whole("Highest value: the figure is drawn from the range", 9000, { max: LARGEST }).optional(),
  step: whole("Distance between drawn values; default 1", 100, { min: 1, max: LARGEST }).optional(),
  perUser: whole("Added for each user number", 100, { max: LARGEST }).optional(),
  perTurn: whole("Added for each turn", 1, { max: LARGEST }).optional(),
});

export type Figure = Frozen<z.output<typeof figureSchema>>;

/** A figure that every prompt may use; differs by 100 from user to user. */
const SPEND: Figure = { from: 5000, perUser: 100 };

const promptSchema = z
  .strictObject({
    id: sound(idFault, "Name of the prompt", "optimisation"),
    topic: text("A few words for people"),
    weight: z.enum(WEIGHTS),
    text: text("The question; {spend} or a figure of yours in braces"),
    wordings: z.array(text("The same question in other words, with the same figures")).optional(),
    figures: z.record(sound(figureNameFault, "Name of a figure"), figureSchema).optional(),
    facts: z.strictObject({
      figures: z.array(text("Name of a figure")),
      words: z.array(text("A word of the topic")).min(1, { error: "needs at least one word" }),
    }),
  })
  .transform((prompt, context) => {
    const fault = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: "custom", path, message });
    };
    const figures: Record<string, Figure> = {
      ...(prompt.text.includes("{spend}") ? { spend: SPEND } : {}),
      ...prompt.figures,
    };
    for (const name of placeholders(prompt.text)) {
      if (!Object.hasOwn(figures, name)) fault(["text"], `\`{${name}}\` is not among the figures`);
    }
    for (const [at, wording] of (prompt.wordings ?? []).entries()) {
      const lacking = placeholders(prompt.text).filter((name) => !placeholders(wording).includes(name));
      for (const name of lacking) fault(["wordings", at], `\`{${name}}\` of the text is not in it`);
      for (const name of placeholders(wording))
        if (!Object.hasOwn(figures, name)) fault(["wordings", at], `\`{${name}}\` is not among the figures`);
    }
    for (const [at, name] of prompt.facts.figures.entries()) {
      if (!placeholders(prompt.text).includes(name))
        fault(["facts", "figures", at], `\`{${name}}\` is not in the text`);
    }
    for (const [name, { from, to }] of Object.entries(prompt.figures ?? {})) {
      if (to !== undefined && to < from) fault(["figures", name, "to"], "is below `from`");
    }
    return { ...prompt, figures };
  });

export type Prompt = Frozen<z.output<typeof promptSchema>>;

const fileSchema = z.strictObject({
  prompts: z
    .array(promptSchema)
    .min(1, { error: "needs at least one prompt" })
    .superRefine((prompts, context) => {
      const ids = prompts.map((prompt) => prompt.id);
      for (const [at, id] of ids.entries()) {
        if (ids.indexOf(id) === at) continue;
        const message = `prompt \`${id}\` appears twice here`;
        context.addIssue({ code: "custom", path: [at, "id"], message });
      }
    }),
});

/** Throws `ScenarioProblems`, and whatever `readText` throws. */
export function loadPromptFile(path: string, readText: (path: string) => string): readonly Prompt[] {
  return parseWholeFile(readText(path), path, fileSchema).prompts;
}

function idFault(id: string): string | undefined {
  if (id === MIX) return "`mix` means all prompts and cannot name one";
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(id) ? undefined : "expected small letters, digits and dashes";
}

function figureNameFault(name: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9]*$/.test(name) ? undefined : "is not a name: letters and digits only";
}

export const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)\}/g;

/** Names of the figures in a text, without duplicates. */
export function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ""))];
}
