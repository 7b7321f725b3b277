// The text of a message as sent: the prompt, and the nonce as a reference that an answer naturally quotes.

export function withNonce(text: string, nonce: string): string {
  return `${text}\n\nPlease quote our reference ${nonce} in your answer.`;
}

/** Approximate characters per token in English text. */
const CHARACTERS_PER_TOKEN = 4;
const NONCE_CHARACTERS = withNonce("", "mango-zebra-lamp-417c").length;
/** Longest message, characters: longer inputs of a trace are cut. */
const LONGEST = 1_048_576;

/** The text, repeated or cut to about this many tokens, including the nonce. */
export function sized(text: string, tokens: number): string {
  const characters = Math.min(LONGEST, tokens * CHARACTERS_PER_TOKEN) - NONCE_CHARACTERS;
  if (characters <= 0) return text.slice(0, 1);
  return `${text} `.repeat(Math.ceil(characters / (text.length + 1))).slice(0, characters);
}
