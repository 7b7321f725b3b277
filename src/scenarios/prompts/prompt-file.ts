// A user's own prompts from a YAML file, with the line of every problem.
import { z } from "zod";
import { type Problem, ScenarioProblems } from "../parse/problems.js";
import { parseTree } from "../parse/typed.js";
import { readYaml } from "../parse/yaml.js";
import { sound, text, whole } from "../schema/fields.js";
import { MIX, type Prompt, SPEND, WEIGHTS } from "./prompt.js";
import { placeholders } from "./render.js";

const LARGEST = 1_000_000_000;

const figureSchema = z.strictObject({
  from: whole("Lowest value", 5000, { max: LARGEST }),
  to: whole("Highest value: the figure is drawn from the range", 9000, { max: LARGEST }).optional(),
  step: whole("Distance between drawn values; default 1", 100, { min: 1, max: LARGEST }).optional(),
  perUser: whole("Added for each user number", 100, { max: LARGEST }).optional(),
  perTurn: whole("Added for each turn", 1, { max: LARGEST }).optional(),
});

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
  .transform((prompt, context): Prompt => {
    const fault = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: "custom", path, message });
    };
    const figures = { ...(prompt.text.includes("{spend}") ? { spend: SPEND } : {}), ...prompt.figures };
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

export type PromptsResult =
  | { readonly prompts: readonly Prompt[]; readonly problems: readonly [] }
  | { readonly prompts: undefined; readonly problems: readonly Problem[] };

export function parsePrompts(content: string, file: string): PromptsResult {
  const { root, problems, broken } = readYaml(content, file);
  if (broken || !root) {
    const empty: Problem = { place: { file, line: 1, column: 1 }, message: "the file is empty" };
    return { prompts: undefined, problems: broken ? problems : [empty] };
  }
  const parsed = parseTree("file", root, fileSchema, undefined);
  if (parsed.data && problems.length === 0) return { prompts: parsed.data.prompts, problems: [] };
  return { prompts: undefined, problems: [...problems, ...parsed.problems] };
}

/** Throws `ScenarioProblems`, and whatever `readText` throws. */
export function loadPromptFile(path: string, readText: (path: string) => string): readonly Prompt[] {
  const { prompts, problems } = parsePrompts(readText(path), path);
  if (!prompts) throw new ScenarioProblems(problems);
  return prompts;
}

function idFault(id: string): string | undefined {
  if (id === MIX) return "`mix` means all prompts and cannot name one";
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(id) ? undefined : "expected small letters, digits and dashes";
}

function figureNameFault(name: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9]*$/.test(name) ? undefined : "is not a name: letters and digits only";
}
