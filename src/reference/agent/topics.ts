// Finds the topic of a prompt among those that the embedded model knows.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const topicSchema = z.strictObject({
  name: z.string(),
  /** Starts of words, so that `cache` also finds `cached`; two words count double. */
  keywords: z.array(z.string()).readonly(),
  /** Saving in percent requested from the cost model. */
  savingPercent: z.number(),
  /** Each starts with a verb and says what to do; `{figure}` is replaced by the prompt's main figure. */
  advice: z.array(z.string()).readonly(),
});

/** What the embedded model knows of one topic. */
export type Topic = z.infer<typeof topicSchema>;

const TOPICS = z
  .array(topicSchema)
  .parse(parse(readFileSync(new URL("topics.yaml", import.meta.url), "utf8")));

const GENERAL: Topic = {
  name: "operations",
  keywords: [],
  savingPercent: 18,
  advice: [
    "Write down the one number that should move, who owns it and by when.",
    "Measure the present state for a week before changing anything, so that the effect can be proven.",
    "Change one thing at a time, beginning with the cheapest, and keep a way back.",
    "Review the result against {figure} after thirty days and drop what did not help.",
  ],
};

/** The topic with the most keywords in the text, by weight; the general one if none occurs. */
export function topicOf(text: string): Topic {
  const lower = plain(text);
  let best = GENERAL;
  let bestScore = 0;
  for (const topic of TOPICS) {
    let score = 0;
    for (const keyword of topic.keywords)
      if (lower.includes(` ${keyword}`)) score += keyword.includes(" ") ? 2 : 1;
    if (score > bestScore) [best, bestScore] = [topic, score];
  }
  return best;
}

/** The first of the topic's keywords that the text contains; the topic's last word if there is none. */
export function keywordOf(topic: Topic, text: string): string {
  const lower = plain(text);
  return (
    topic.keywords.find((keyword) => lower.includes(` ${keyword}`)) ?? topic.name.split(" ").at(-1) ?? ""
  );
}

function plain(text: string): string {
  return ` ${text.toLowerCase().replace(/[^a-z0-9]+/g, " ")} `;
}
