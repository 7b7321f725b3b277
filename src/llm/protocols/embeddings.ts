// OpenAI's embeddings: unit vectors that depend only on the text.
import { z } from "zod";
import { randomFrom } from "../../support/random.js";

const body = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.union([z.string(), z.array(z.union([z.string(), z.number(), z.array(z.number())])).max(2048)]),
  dimensions: z.number().int().min(1).max(4096).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});
const DEFAULT_DIMENSIONS = 256;

/** @throws ZodError if the body is not a request for embeddings */
export function embeddings(given: unknown) {
  const { model, input, dimensions, encoding_format } = body.parse(given);
  const texts = typeof input === "string" ? [input] : input.map(String);
  let bytes = 0;
  const data = texts.map((text, index) => {
    bytes += Buffer.byteLength(text);
    const vector = vectorOf(text, dimensions ?? DEFAULT_DIMENSIONS);
    const embedding =
      encoding_format === "base64" ? Buffer.from(new Float32Array(vector).buffer).toString("base64") : vector;
    return { object: "embedding", index, embedding };
  });
  const tokens = Math.ceil(bytes / 4);
  return { object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function vectorOf(text: string, dimensions: number): readonly number[] {
  const random = randomFrom("embedding", text);
  const vector = Array.from({ length: dimensions }, () => random.between(-1, 1));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
