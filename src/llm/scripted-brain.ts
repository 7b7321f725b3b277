// The answers of a script: the first rule whose pattern matches, its tools first. Another brain answers what no rule does.
import { REFERENCE } from "./brain.js";
import { type Brain, type ModelReply, promptOf, toolResults } from "./conversation.js";
import type { AnswerRule } from "./script.js";

/** Filler for answers of a given length. */
const SENTENCE = "Measure first, change one thing at a time, and keep what helped.".split(" ");
/** A pattern only sees this much of a message. */
const MATCHED = 20_000;

/** @param unscripted answers what no rule matches */
export function scriptedBrain(answers: readonly AnswerRule[], unscripted: Brain): Brain {
  const rules = answers.map((rule) => ({
    ...rule,
    pattern: rule.match === undefined ? undefined : new RegExp(rule.match, "i"),
  }));
  return (request): ModelReply => {
    const prompt = promptOf(request);
    const rule = rules.find(({ pattern }) => pattern === undefined || pattern.test(prompt.slice(0, MATCHED)));
    if (!rule) return unscripted(request);
    const offered = new Set(request.tools.map(({ name }) => name));
    const calls = (rule.tools ?? []).filter(({ name }) => offered.has(name));
    if (calls.length > 0 && toolResults(request).length === 0) {
      const tools = calls.map(({ name, arguments: given }) => ({
        name,
        arguments: JSON.stringify(given ?? {}),
      }));
      return { text: "", tools };
    }
    const own = rule.text
      ?.replaceAll("{prompt}", () => prompt)
      .replaceAll("{reference}", () => prompt.match(REFERENCE)?.[0] ?? "");
    if (own === undefined && rule.words === undefined) return unscripted({ ...request, tools: [] });
    const filler = rule.words === undefined ? "" : filled(rule.words);
    return { text: [own, filler].filter(Boolean).join(" "), tools: [] };
  };
}

function filled(words: number): string {
  return Array.from({ length: words }, (_, at) => SENTENCE[at % SENTENCE.length]).join(" ");
}
