// The schema of what frames mean: ordered rules, and the places of ids, texts and stamps.
import { z } from "zod";
import { CRITICAL_EVENTS, EVENT_KINDS } from "../../../model/turn/event.js";
import { raise } from "../../../scenarios/parse/explain.js";
import { duration } from "../../../scenarios/schema/fields.js";
import { pathSchema, pathsSchema } from "../language/json-path.js";
import { conditionSchema } from "../language/predicate.js";
import { usageSchema } from "./usage.js";

const kind = z.enum(EVENT_KINDS);

const ruleSchema = z
  .strictObject({
    path: pathsSchema.describe("Where the event's name is; used with `kinds`").optional(),
    kinds: z.record(z.string(), kind).describe("Event name → kind").optional(),
    when: conditionSchema.describe("A condition; used with `kind`").optional(),
    kind: kind.describe("Kind of a frame that meets the condition").optional(),
    each: pathSchema
      .describe(
        "A list whose items are matched one by one, as `@item`: each match is a separate event. `@entries` is the list of the frame's own keys and values: `@item.key`, `@item.value`",
      )
      .optional(),
    continue: z.boolean().describe("Later rules see the frame as well: it may be several events").optional(),
    name: z.string().min(1).max(64).describe("Name for reports; by default its name on the wire").optional(),
    text: pathsSchema.describe("Where such a frame contains its text, instead of `text`").optional(),
    source: pathsSchema
      .describe(
        "Where such a frame names the part of the agent whose piece of the answer it is, or keeps or drops",
      )
      .optional(),
    tool: pathsSchema.describe("Where such a frame names its tool, instead of `tool.name`").optional(),
    toolId: pathsSchema.describe("Where such a frame names the tool call, instead of `tool.id`").optional(),
    ask: pathsSchema
      .describe("Where a frame of kind waiting contains the id of the request for a decision: `{askId}`")
      .optional(),
    code: pathsSchema
      .describe("Where such a frame contains its error code, instead of `error.code`")
      .optional(),
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
  parse: pathsSchema.default([]).describe("Strings that contain JSON: parsed in place, in this order"),
  events: z
    .array(ruleSchema)
    .default([])
    .describe("What frames mean: the first matching rule decides. A preset's own rules come after these"),
  ids: z
    .strictObject({
      run: pathsSchema.default([]).describe("Id of the run, made by the server"),
      message: pathsSchema.default([]).describe("Id of the message, as sent in {messageId}"),
      request: pathsSchema
        .default([])
        .describe("Id of the request, as sent in {requestId}: replies are matched by it"),
      thread: pathsSchema.default([]).describe("Id of the thread"),
      user: pathsSchema.default([]).describe("Id of the user that the frame is for"),
    })
    .prefault({})
    .describe("Where frames contain their ids"),
  text: pathsSchema.default([]).describe("Where the answer's text is, whole or in chunks"),
  timestamp: pathsSchema
    .default([])
    .describe("When the server sent the frame: seconds, milliseconds, microseconds or ISO 8601"),
  zone: z
    .string()
    .regex(/^(Z|[+-]\d{2}:\d{2})$/, "a zone is Z, or an offset such as +02:00")
    .default("Z")
    .describe("Time zone of timestamps without one: Z, or an offset such as +02:00"),
  seq: pathsSchema.default([]).describe("Sequence number of the event within its run"),
  replayed: pathsSchema.default([]).describe("True if the frame is sent again after a reconnect"),
  tool: z
    .strictObject({
      name: pathsSchema.default([]).describe("Name of the tool"),
      id: pathsSchema.default([]).describe("Id of the tool call, which pairs its start and end"),
      input: pathsSchema.describe("The tool's input: {toolInput} of a decision").optional(),
      output: pathsSchema.describe("Its result: {toolOutput} of a decision").optional(),
    })
    .prefault({})
    .describe("Where tool frames name the tool and the call"),
  error: z
    .strictObject({
      code: pathsSchema
        .default([])
        .describe("The error code; one that contains `busy` is a rejection as busy"),
      text: pathsSchema
        .default([])
        .describe(
          "The error message; without one there, the usual places are searched, such as `error.message`",
        ),
    })
    .prefault({})
    .describe("Where error frames say what is wrong"),
  usage: usageSchema,
  canned: z
    .array(z.string().min(1).refine(isExpression, { error: "is not a valid regular expression" }))
    .default([])
    .describe(
      "Regular expressions for answers that count as errors, such as the placeholder of a service without its model",
    ),
  expects: z
    .array(z.enum(CRITICAL_EVENTS))
    .default(["agent_completed"])
    .describe("Kinds of events that a completed turn must have"),
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
    .describe("Allowed exceptions from the usual order of events"),
  end: z
    .strictObject({
      silence: duration(
        "Ends a turn after this much silence following its last text: a last resort, since a stalled turn looks complete",
        "2s",
        { min: 50_000, max: 600_000_000 },
      ).optional(),
      close: z
        .enum(["completed", "nothing"])
        .default("nothing")
        .describe("Outcome of a turn whose stream ends normally after at least one event"),
      empty: z
        .enum(["completed", "failed"])
        .default("failed")
        .describe("Outcome of a turn that ends normally without any answer text"),
    })
    .prefault({})
    .describe("Turn ends that no frame marks"),
};

function isExpression(text: string): boolean {
  try {
    new RegExp(text, "i");
    return true;
  } catch {
    return false;
  }
}
