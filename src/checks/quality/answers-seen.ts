// Remembers the prompt of each answer, to notice the same text for another prompt.

import { hash53 } from "../../support/hash.js";

/** Of one worker; later texts are compared with these, but not remembered. */
export const MAX_TEXTS = 2048;

interface Seen {
  /** Hash of the first prompt with this text. */
  readonly prompt: string;
  readonly user: number;
  readonly turn: number;
  count: number;
}

export class AnswersSeen {
  readonly #seen = new Map<string, Seen>();

  /** Who got this text before for another prompt, if anyone did. */
  give(text: string, prompt: string, user: number, turn: number): { user: number; turn: number } | undefined {
    const key = hashOf(text);
    const asked = hashOf(prompt);
    const seen = this.#seen.get(key);
    if (!seen) {
      if (this.#seen.size < MAX_TEXTS) this.#seen.set(key, { prompt: asked, user, turn, count: 1 });
      return undefined;
    }
    if (seen.prompt !== asked) return { user: seen.user, turn: seen.turn };
    seen.count++;
    return undefined;
  }

  /** Hash of the text → `prompt:count:user:turn`; workers' entries are joined with a space. */
  memo(): Record<string, string> {
    const memo: Record<string, string> = {};
    for (const [key, { prompt, count, user, turn }] of this.#seen)
      memo[key] = `${prompt}:${count}:${user}:${turn}`;
    return memo;
  }
}

export interface SharedText {
  /** Answers, apart from those to the prompt that had the text most often. */
  readonly count: number;
  readonly user: number;
  readonly turn: number;
}

/** What only the merged memos of all workers show. */
export function sharedTexts(memo: Readonly<Record<string, string>>): readonly SharedText[] {
  return Object.values(memo).flatMap((entry) => {
    if (!entry.includes(" ")) return [];
    const byPrompt = new Map<string, SharedText>();
    for (const part of entry.split(" ")) {
      const [prompt = "", count, user, turn] = part.split(":");
      const known = byPrompt.get(prompt);
      const sum = Number(count) + (known?.count ?? 0);
      byPrompt.set(prompt, { count: sum, user: Number(user), turn: Number(turn) });
    }
    return [...byPrompt.values()].sort((a, b) => b.count - a.count).slice(1);
  });
}

export function hashOf(text: string): string {
  return hash53(text).toString(36);
}
