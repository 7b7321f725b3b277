// The agent's real tools: a cost model over the prompt's figures, and a search of the user's own records.
import { z } from "zod";
import type { Store } from "../storage/store.js";
import { grouped } from "./figures.js";

/** Whose turn runs the tool. */
interface ToolContext {
  readonly store: Store;
  readonly userId: string;
  readonly runId: string;
}

export interface Tool {
  readonly description: string;
  /** JSON Schema of the parameters, as the model gets it. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Throws a ZodError if the model's parameters do not fit. */
  run(parameters: unknown, context: ToolContext): Promise<Record<string, unknown>>;
}

const costInput = z.object({
  figures: z
    .array(z.object({ label: z.string().max(200), value: z.number() }))
    .min(1)
    .max(8),
  saving_percent: z.number().min(0).max(100).default(18),
});
const searchInput = z.object({
  query: z.string().max(200),
  limit: z.number().int().min(1).max(10).default(3),
});

export const TOOLS = {
  cost_model: {
    description: "Projects figures over a year and computes what a saving in percent would bring.",
    parameters: {
      type: "object",
      properties: {
        figures: {
          type: "array",
          items: { type: "object", properties: { label: { type: "string" }, value: { type: "number" } } },
        },
        saving_percent: { type: "number" },
      },
      required: ["figures"],
    },
    async run(parameters) {
      const { figures, saving_percent } = costInput.parse(parameters);
      const rows = figures.map(({ label, value }) => ({
        label,
        value,
        yearly: rounded(value * 12),
        saving: rounded((value * saving_percent) / 100),
        after: rounded(value * (1 - saving_percent / 100)),
        yearly_saving: rounded((value * 12 * saving_percent) / 100),
      }));
      return {
        saving_percent,
        rows,
        summary: `${figures.length} figures, ${grouped(saving_percent)} percent saving`,
      };
    },
  },
  search_records: {
    description: "Finds the user's own stored messages that contain a word.",
    parameters: {
      type: "object",
      properties: { query: { type: "string" }, limit: { type: "integer" } },
      required: ["query"],
    },
    async run(parameters, { store, userId, runId }) {
      const { query, limit } = searchInput.parse(parameters);
      const asked = {
        userId,
        threadId: undefined,
        role: "user" as const,
        limit: limit + 1,
        offset: 0,
        order: "desc" as const,
      };
      const page = await store.search({ ...asked, text: query || undefined });
      // The asking message is already stored, but is not a record of the past.
      const earlier = page.rows.filter((row) => row.runId !== runId).slice(0, limit);
      return {
        query,
        found: Math.max(0, page.total - (page.rows.length - earlier.length)),
        rows: earlier.map((row) => row.id),
      };
    },
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

/** The tools in the format of an OpenAI-compatible API. */
export function toolDefinitions(): readonly Record<string, unknown>[] {
  return Object.entries(TOOLS).map(([name, { description, parameters }]) => ({
    type: "function",
    function: { name, description, parameters },
  }));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
