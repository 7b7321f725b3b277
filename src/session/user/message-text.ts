// The text of a message as it is sent: the prompt, and the nonce as something that an answer naturally quotes.

export function withNonce(text: string, nonce: string): string {
  return `${text}\n\nPlease quote our reference ${nonce} in your answer.`;
}
