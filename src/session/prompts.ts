// What users ask: the prompt of a turn, chosen and filled in from the user's own randomness.
import type { Random } from "../support/random.js";

/** The texts of a run. */
export interface Prompts {
  /**
   * @param id a prompt of the library, or `mix` for any of them
   * @returns the text without its nonce, and the hint of how heavy the work is
   */
  render(
    id: string,
    user: number,
    turn: number,
    random: Random,
  ): { readonly text: string; readonly weight: string };
}

/** The message as it is sent: the prompt, and the nonce as something an answer would naturally quote. */
export function withNonce(text: string, nonce: string): string {
  return `${text}\n\nPlease quote our reference ${nonce} in your answer.`;
}
