// How the scenario file writes what frames mean: ordered rules, and where ids, texts and stamps are.
import { z } from "zod";
import { CRITICAL_EVENTS } from "../../model/turn/event.js";
import { raise } from "../../scenarios/parse/explain.js";
import { duration } from "../../scenarios/schema/fields.js";
import { pathSchema, pathsSchema } from "./json-path.js";
import { conditionSchema } from "./predicate.js";
import { usageSchema } from "./usage.js";

const KINDS = [
  ...CRITICAL_EVENTS,
  "answer_delta",
  "tool_refused",
  "ack",
  "waiting",
  "stopped",
  "usage",
  "agent_error",
  "rejected",
  "welcome",
  "ping",
  "pong",
  "ignored",
] as const;

const kind = z.enum(KINDS);

const ruleSchema = z
  .strictObject({
    path: pathsSchema.describe("Where the event's name is; with `kinds`").optional(),
    kinds: z.record(z.string(), kind).describe("Name of the event → what it is").optional(),
    when: conditionSchema.describe("A condition; with `kind`").optional(),
    kind: kind.describe("What a frame is that meets the condition").optional(),
    each: pathSchema
      .describe("A list of which each item is asked, as `@item`: every one that fits is an event of its own")
      .optional(),
    continue: z
      .boolean()
      .describe("Later rules look at the frame as well: it may be several events")
      .optional(),
    name: z.string().min(1).max(64).describe("What to call it; by default its name on the wire").optional(),
    text: pathsSchema.describe("Where such a frame has its text, instead of `text`").optional(),
    tool: pathsSchema.describe("Where such a frame names its tool, instead of `tool.name`").optional(),
    toolId: pathsSchema.describe("Where such a frame names the tool's run, instead of `tool.id`").optional(),
    ask: pathsSchema
      .describe("Where a frame of kind waiting has the id by which its user's decision is sent: `{askId}`")
      .optional(),
    code: pathsSchema.describe("Where such a frame has its error's code, instead of `error.code`").optional(),
  })
  .superRefine((rule, context) => {
    const written = [rule.path && "path", rule.kinds && "kinds", rule.when && "when", rule.kind && "kind"];
    const named = written.filter((key) => key !== undefined).join(" and ");
    if (named === "path and kinds" || named === "when and kind") return;
    const message = `a rule has \`path\` and \`kinds\`, or \`when\` and \`kind\`; this has ${named || "neither"}`;
    raise(context, [{ path: [], message }], []);
  })
  .meta({ id: "rule" });

export type RuleSpec = z.infer<typeof ruleSchema>;

export const eventFields = {
  parse: pathsSchema.default([]).describe("Texts that hold JSON: parsed in their place, in this order"),
  events: z
    .array(ruleSchema)
    .default([])
    .describe("What frames mean: the first rule that fits decides. A preset's own rules come after these"),
  ids: z
    .strictObject({
      run: pathsSchema.default([]).describe("Id of the run, which the server makes"),
      message: pathsSchema.default([]).describe("Id of the message, as {messageId} sent it"),
      request: pathsSchema
        .default([])
        .describe("Id of the request, as {requestId} sent it: replies are matched by it"),
      thread: pathsSchema.default([]).describe("Id of the thread"),
      user: pathsSchema.default([]).describe("Id of the user whom the frame is for"),
    })
    .prefault({})
    .describe("Where frames have their ids"),
  text: pathsSchema.default([]).describe("Where the answer's text is, whole or in pieces"),
  timestamp: pathsSchema
    .default([])
    .describe("When the server sent the frame: seconds, milliseconds, microseconds or ISO 8601"),
  zone: z
    .string()
    .regex(/^(Z|[+-]\d{2}:\d{2})$/, "a zone is Z, or an offset such as +02:00")
    .default("Z")
    .describe("Zone of stamps that name none: Z, or an offset such as +02:00"),
  seq: pathsSchema.default([]).describe("Number of the event within its run"),
  replayed: pathsSchema.default([]).describe("True where the frame is sent again after a reconnect"),
  tool: z
    .strictObject({
      name: pathsSchema.default([]).describe("Name of the tool"),
      id: pathsSchema.default([]).describe("Id of this run of the tool, by which begin and end are paired"),
      input: pathsSchema.describe("What the tool was called with: {toolInput} of a decision").optional(),
      output: pathsSchema.describe("What came of it: {toolOutput} of a decision").optional(),
    })
    .prefault({})
    .describe("Where frames of tools name them"),
  error: z
    .strictObject({
      code: pathsSchema
        .default([])
        .describe("The error's code; one that holds `busy` is a rejection as busy"),
      text: pathsSchema.default([]).describe("The error's words"),
    })
    .prefault({})
    .describe("Where frames of errors say what is wrong"),
  usage: usageSchema,
  canned: z
    .array(z.string().min(1).refine(isExpression, { error: "is no regular expression" }))
    .default([])
    .describe(
      "Regular expressions of answers that are none, such as stand-ins of a service without its model: errors",
    ),
  expects: z
    .array(z.enum(CRITICAL_EVENTS))
    .default(["agent_completed"])
    .describe("Kinds of event that a completed turn must show"),
  order: z
    .strictObject({
      repeatStarted: z.boolean().default(false).describe("One turn may start more than once (retries)"),
      thinkingBetweenTools: z.boolean().default(true).describe("The agent may think again between tools"),
      thinkingDuringTools: z
        .boolean()
        .default(false)
        .describe("The agent, or another one, may think while a tool runs"),
      parallelTools: z.boolean().default(true).describe("Several tools may run at once"),
    })
    .prefault({})
    .describe("Departures from the plain order of events that are legal"),
  end: z
    .strictObject({
      silence: duration(
        "Ends a turn after so much silence behind its last text: the last resort, since a turn that stalls looks complete",
        "2s",
        { min: 50_000, max: 600_000_000 },
      ).optional(),
      close: z
        .enum(["completed", "nothing"])
        .default("nothing")
        .describe("What a stream that ends in good order after at least one event says of its turn"),
      empty: z
        .enum(["completed", "failed"])
        .default("failed")
        .describe("What a turn is that ends normally with no text of an answer"),
    })
    .prefault({})
    .describe("Ends of a turn that no frame marks"),
};

function isExpression(text: string): boolean {
  try {
    new RegExp(text, "i");
    return true;
  } catch {
    return false;
  }
}
