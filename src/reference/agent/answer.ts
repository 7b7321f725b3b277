// Writes the embedded model's answer: figures of the prompt, results of the tool, recommendations, recalled facts.
import { askedSubject, factMemory, type RememberedFact, sameSubject } from "./facts.js";
import { type Figure, figuresIn, grouped } from "./figures.js";
import { type Topic, topicOf } from "./topics.js";

/** What the model writes from. */
export interface Material {
  readonly prompt: string;
  /** Facts established in the conversation. */
  readonly facts: readonly RememberedFact[];
  /** The tools' results, parsed; empty if none ran. */
  readonly results: readonly Record<string, unknown>[];
}

/** Three or more words and hex digits, joined by hyphens; with two, `face-to-face` would match. */
const NONCE = /\b(?:[a-z]+-){3,7}[0-9a-f]{4,}\b/g;
const COMMON = new Set(
  "about above after again against along also another because been before being below between both could does doing down each every from give given have having help here into itself just least like list make many more most much must need needed needs next only other ought over please propose recommend same should since some such suggest than that their them then there these they this those through under until very want what when where which while will with would your reduce improve tell concrete steps three four five tool tools remember reference please quote answer".split(
    " ",
  ),
);

/** The whole answer; never empty, and the same for the same material. */
export function composeAnswer(material: Material): string {
  const { prompt, facts, results } = material;
  const figures = figuresIn(withoutNonces(prompt));
  const topic = topicOf(prompt);
  const parts = [opening(prompt, facts, figures, topic)];
  const computed = computedLines(results, figures);
  if (computed) parts.push(computed);
  parts.push(recommendations(topic, figures, facts));
  parts.push(
    `Start with the first step this week, and compare the ${topic.name} figures again after thirty days.`,
  );
  const nonces = [...new Set(prompt.match(NONCE) ?? [])];
  if (nonces.length > 0) parts.push(`Reference: ${nonces.join(", ")}`);
  return parts.join("\n\n");
}

/** First the answer to a question about a recorded fact, if any; otherwise what the answer is about. */
function opening(
  prompt: string,
  facts: readonly RememberedFact[],
  figures: readonly Figure[],
  topic: Topic,
): string {
  const newFacts = factMemory(withoutNonces(prompt));
  if (newFacts.length > 0) {
    const noted = newFacts.map(({ subject, value }) => `your ${subject} is ${value}`).join(", and ");
    return `Noted for this conversation: ${noted}. I will use it from now on when we look at ${topic.name}.`;
  }
  const asked = askedSubject(prompt);
  const known = asked === undefined ? undefined : facts.find((fact) => sameSubject(fact.subject, asked));
  if (known) return `Your ${known.subject} is ${known.value}, as recorded earlier in this conversation.`;
  const terms = keyTerms(prompt);
  const about = terms.length > 0 ? ` (${terms.join(", ")})` : "";
  if (asked !== undefined && figures.length === 0) {
    return `No ${asked} has been recorded in this conversation so far, so the plan for ${topic.name}${about} below works without it.`;
  }
  const listed = figures
    .map((figure) => (figure.label ? `${figure.label} of ${figure.text}` : figure.text))
    .join(", ");
  return figures.length > 0
    ? `Looking at your ${topic.name}${about}: the figures to work from are ${listed}.`
    : `Here is a plan for your ${topic.name}${about}, built from what this conversation holds.`;
}

function computedLines(results: readonly Record<string, unknown>[], figures: readonly Figure[]): string {
  const lines: string[] = [];
  for (const result of results) {
    if (Array.isArray(result.rows) && typeof result.saving_percent === "number") {
      result.rows.slice(0, 3).forEach((row) => {
        const figure = figures.find(({ value }) => value === row.value)?.text ?? grouped(Number(row.value));
        lines.push(
          `- ${figure}: ${grouped(row.yearly)} over twelve months; a change of ${result.saving_percent} percent is worth ${grouped(row.saving)} a month and leaves ${grouped(row.after)}.`,
        );
      });
    } else if (typeof result.found === "number") {
      lines.push(`- Earlier messages of yours on this: ${grouped(result.found)}.`);
    }
  }
  return lines.length > 0 ? `What the tools show:\n${lines.join("\n")}` : "";
}

function recommendations(topic: Topic, figures: readonly Figure[], facts: readonly RememberedFact[]): string {
  const main = figures[0]?.text ?? facts[0]?.value ?? "today's level";
  const steps = topic.advice.map((advice, index) => `${index + 1}. ${advice.replace("{figure}", main)}`);
  return `Recommendations for ${topic.name}:\n${steps.join("\n")}`;
}

/** Up to six telling words of the prompt, in order of appearance. */
function keyTerms(prompt: string): string[] {
  const words =
    withoutNonces(prompt)
      .toLowerCase()
      .match(/[a-z][a-z-]{4,}/g) ?? [];
  return [...new Set(words)].filter((word) => !COMMON.has(word)).slice(0, 6);
}

function withoutNonces(prompt: string): string {
  return prompt.replace(NONCE, " ");
}
