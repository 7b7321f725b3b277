// The part of the Compose specification that deploy/compose.yaml uses; a key that is not here is refused.
import { z } from "zod";

const text = z.string().min(1);
const texts = z.array(text);
const volume = z.strictObject({
  type: z.enum(["bind", "volume", "tmpfs"]),
  source: text,
  target: z.string().startsWith("/"),
  read_only: z.boolean().optional(),
});
const service = z.strictObject({
  image: text,
  build: z.strictObject({ context: text, dockerfile: text }).optional(),
  command: z.array(z.string()),
  environment: z.record(text, text).optional(),
  secrets: texts.optional(),
  depends_on: texts.optional(),
  deploy: z.strictObject({ replicas: z.int().positive() }).optional(),
  ulimits: z
    .strictObject({ nofile: z.strictObject({ soft: z.int().positive(), hard: z.int().positive() }) })
    .optional(),
  read_only: z.boolean().optional(),
  tmpfs: texts.optional(),
  volumes: z.array(volume).optional(),
  networks: texts,
});

export const COMPOSE = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(text, service),
  networks: z.record(text, z.strictObject({})),
  secrets: z.record(text, z.strictObject({ file: text })),
});
