// How the scenario file writes the way in: log-in, where the token is and how it is carried, socket, handshake, stream.
import { z } from "zod";
import { raise } from "../../scenarios/parse/explain.js";
import { duration } from "../../scenarios/schema/fields.js";
import { pathSchema, pathsSchema } from "./json-path.js";
import { conditionSchema } from "./predicate.js";
import { requestSchema } from "./request-schema.js";
import { pathTemplateSchema, templateSchema, textTemplateSchema, valueTemplateSchema } from "./template.js";

const tokenPlace = z
  .union(
    [
      pathsSchema,
      z.strictObject({ header: z.string().min(1).describe("Header of the answer") }),
      z.strictObject({ setCookie: z.string().min(1).describe("Name of the cookie that the answer sets") }),
    ],
    { error: "expected a path such as `data.jwt`, or { header: … }, or { setCookie: … }" },
  )
  .describe("Where the answer has the token: a path in its JSON, a header, or a cookie");

const loginFields = {
  bearer: tokenPlace.default(["access_token", "token"]),
  renewal: pathsSchema.default(["refresh_token"]).describe("Where the answer has what renews the token"),
  user: pathsSchema.default(["user.id", "user_id"]).describe("Where the answer has the user's id"),
  lifetime: pathsSchema
    .default(["expires_in"])
    .describe("Where the answer has the seconds that the token lives; a JWT's own claims go first"),
};

const loginSchema = z
  .strictObject({ request: requestSchema("POST", "account"), ...loginFields })
  .meta({ id: "login", description: "How users log in; without it they bring a ready-made token, or none" });

const registerSchema = z
  .strictObject({
    request: requestSchema("POST", "account"),
    known: z
      .array(z.number().int())
      .default([409])
      .describe("Statuses that say the account is there already"),
  })
  .describe("How accounts are made, where `accounts` says that they are to be");

export const carrySchema = z
  .strictObject({
    in: z
      .enum(["header", "query", "subprotocol", "auth", "none"])
      .describe("header, query, subprotocol (WebSocket), auth (Socket.IO), or none: the handshake brings it"),
    name: z.string().default("authorization").describe("Name of the header, parameter or field"),
    value: textTemplateSchema("session").default("Bearer {token}").describe("What it holds"),
  })
  .meta({ id: "carry", description: "How requests and sockets carry the token" });

const stepSchema = z
  .strictObject({
    await: conditionSchema.describe("Wait for a frame that meets this condition").optional(),
    keep: z
      .record(z.string().regex(/^\w+$/, "a name has letters, digits and _"), pathSchema)
      .describe("Values of the awaited frame, by name: {kept.name} in what is sent from then on")
      .optional(),
    send: templateSchema("session", "message").describe("Send this").optional(),
  })
  .superRefine((step, context) => {
    if ((step.await === undefined) === (step.send === undefined))
      raise(context, [{ path: [], message: "a step of the handshake has `await` or `send`" }], []);
    if (step.keep !== undefined && step.await === undefined)
      raise(context, [{ path: ["keep"], message: "only what is awaited can be kept", atKey: true }], []);
  })
  .meta({ id: "handshake-step" });

const socketSchema = z
  .strictObject({
    path: textTemplateSchema("session").default("/ws").describe("Path of the socket; of Socket.IO's server"),
    query: z.record(z.string(), valueTemplateSchema("session")).describe("Query parameters").optional(),
    headers: z
      .record(z.string(), valueTemplateSchema("session"))
      .describe("Headers of the upgrade")
      .optional(),
    carry: carrySchema.describe("How the upgrade carries the token, if not as requests do").optional(),
    subprotocols: z.array(textTemplateSchema("session")).default([]).describe("Subprotocols to offer"),
    auth: templateSchema("session").describe("What goes with the handshake of Socket.IO").optional(),
    namespace: z.string().regex(/^\//, 'begins with "/"').default("/").describe("Namespace of Socket.IO"),
    handshake: z
      .array(stepSchema)
      .default([])
      .describe("What has to be heard and said before the session is ready"),
    refused: conditionSchema
      .describe("A frame that means: not with this token; on an open socket as well")
      .optional(),
    ready: z
      .enum(["auto", "welcome", "open"])
      .default("auto")
      .describe(
        "When a session is ready: at a frame of kind welcome, at the open socket, or auto: a welcome if one comes",
      ),
    ping: templateSchema("session")
      .describe("A ping of the protocol's own, answered by a frame of kind pong")
      .optional(),
    pong: templateSchema("session")
      .describe("What answers a frame of kind ping; {ping.PATH} is a value of that frame")
      .optional(),
    heartbeat: z
      .strictObject({
        send: templateSchema("session").describe("The frame; {beat} counts them from 1"),
        every: duration("How often it is sent", "30s", { min: 100_000 }),
      })
      .describe("What the protocol wants to hear again and again while the socket is open")
      .optional(),
    closeCodes: z
      .record(
        z.string().regex(/^[1-4]\d{3}$/, "a close code has four digits, such as 4408"),
        z.enum(["normal", "auth", "broken"]),
      )
      .describe(
        "What close codes mean where it is not the usual: normal, auth (the token was refused), broken",
      )
      .optional(),
    resume: templateSchema("session", "resume")
      .describe("Asks after a reconnect for what was missed; needs `ids.run`")
      .optional(),
  })
  .meta({ id: "socket" })
  .prefault({})
  .describe("The socket, for the transports websocket and socket.io");

const streamSchema = z
  .strictObject({
    request: requestSchema("POST", "session", "message").describe(
      "The message; its answer is the turn's stream",
    ),
    resume: requestSchema("GET", "session", "resume")
      .describe("Takes a broken stream up again; Last-Event-ID is sent by itself")
      .optional(),
    health: pathTemplateSchema("session")
      .describe("Path that answers while the service is well: asked at the connect and at each ping")
      .optional(),
    silence: duration("Longest silence of a stream that is well; default no bound", "30s", {
      min: 100_000,
    }).optional(),
  })
  .meta({ id: "stream", description: "The stream of a turn, for the transport sse" });

const controlSchema = z
  .strictObject({
    stop: z
      .union(
        [
          z.literal("close"),
          z.strictObject({ send: templateSchema("session", "control").describe("A frame on the socket") }),
          z.strictObject({ request: requestSchema("POST", "session", "control") }),
        ],
        { error: "expected close, or { send: … }, or { request: … }" },
      )
      .describe("How a turn is stopped: by closing its stream, by a frame, or by a request of its own")
      .optional(),
    decide: z
      .strictObject({
        each: templateSchema("session", "control", "decision", "call")
          .describe("One of the decisions, of which `{each}` is the list")
          .optional(),
        call: templateSchema("session", "control", "call")
          .describe("A tool call that nobody was asked about, in the list `{calls}`")
          .optional(),
        states: z
          .strictObject({
            called: z.string().default("called").describe("It has not run yet"),
            ran: z.string().default("ran").describe("It has run"),
            refused: z.string().default("refused").describe("It was rejected"),
          })
          .prefault({})
          .describe("What {toolState} says of a tool call"),
        send: templateSchema("session", "control", "decision", "call")
          .describe("A frame for each decision, on the socket")
          .optional(),
        request: requestSchema("POST", "session", "control", "decision", "call")
          .describe("A request; what comes of it shows on the turn's own stream")
          .optional(),
        body: templateSchema("session", "control", "decision", "call", "repeat")
          .describe("Sent in place of the message's own body: the answer is how the turn goes on")
          .optional(),
      })
      .superRefine(({ send, request, body }, context) => {
        if ([send, request, body].filter((way) => way !== undefined).length === 1) return;
        raise(context, [{ path: [], message: "`decide` has one of send, request and body" }], []);
      })
      .describe("How a user decides what a frame of kind waiting asks")
      .optional(),
  })
  .meta({ id: "control", description: "How turns are stopped, and decisions told" });

export type ControlSpec = z.infer<typeof controlSchema>;

export const accessFields = {
  transport: z
    .enum(["websocket", "sse", "socket.io"])
    .default("websocket")
    .describe("What carries turns: one socket per user, or for each turn a stream of server-sent events"),
  login: loginSchema.optional(),
  register: registerSchema.optional(),
  renew: z
    .strictObject({ request: requestSchema("POST", "session") })
    .describe("How a token is renewed by {refreshToken}")
    .optional(),
  carry: carrySchema.prefault({ in: "header" }),
  cookies: z
    .boolean()
    .default(false)
    .describe(
      "Keep the cookies that answers set, and send them as a browser does; always so where the token is a cookie",
    ),
  socket: socketSchema,
  conversation: z
    .strictObject({
      item: templateSchema("said")
        .default({ role: "{role}", content: "{text}" })
        .describe("One message of it: {role} and {text}"),
      roles: z
        .strictObject({
          user: z.string().default("user").describe("The user's role"),
          assistant: z.string().default("assistant").describe("The assistant's"),
        })
        .prefault({})
        .describe("What {role} is for the user, and for the assistant"),
      most: z
        .number()
        .int()
        .min(0)
        .max(200)
        .default(20)
        .describe("Messages and answers of the past that are repeated, the newest"),
    })
    .prefault({})
    .describe("What {messages} is: what was said in the thread so far, and the message itself"),
  send: templateSchema("session", "message")
    .describe("The message as a frame, for the transports websocket and socket.io")
    .optional(),
  stream: streamSchema.optional(),
  control: controlSchema.optional(),
};

export type CarrySpec = z.infer<typeof carrySchema>;
export type LoginSpec = z.infer<typeof loginSchema>;
export type SocketSpec = z.infer<typeof socketSchema>;
