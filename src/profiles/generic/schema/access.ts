// The schema of access: login, the token's place and carrier, socket, handshake, stream.
import { z } from "zod";
import { TRANSPORTS } from "../../../model/transport.js";
import { raise } from "../../../scenarios/parse/explain.js";
import { duration } from "../../../scenarios/schema/fields.js";
import { pathSchema, pathsSchema } from "../language/json-path.js";
import { conditionSchema } from "../language/predicate.js";
import {
  pathTemplateSchema,
  templateSchema,
  textTemplateSchema,
  valueTemplateSchema,
} from "../language/template.js";
import { requestSchema } from "./request.js";

const tokenPlace = z
  .union(
    [
      pathsSchema,
      z.strictObject({ header: z.string().min(1).describe("Name of a response header") }),
      z.strictObject({ setCookie: z.string().min(1).describe("Name of a cookie that the response sets") }),
    ],
    { error: "expected a path such as `data.jwt`, or { header: … }, or { setCookie: … }" },
  )
  .describe("Where the response contains the token: a path in its JSON, a header, or a cookie");

const loginFields = {
  bearer: tokenPlace.default(["access_token", "token"]),
  renewal: pathsSchema.default(["refresh_token"]).describe("Where the response contains the refresh token"),
  user: pathsSchema.default(["user.id", "user_id"]).describe("Where the response contains the user's id"),
  lifetime: pathsSchema
    .default(["expires_in"])
    .describe(
      "Where the response contains the token's lifetime in seconds; the claims of a JWT take precedence",
    ),
};

const loginSchema = z
  .strictObject({ request: requestSchema("POST", "account"), ...loginFields })
  .meta({ id: "login", description: "How users log in; without it, they use a ready-made token or none" });

const registerSchema = z
  .strictObject({
    request: requestSchema("POST", "account"),
    known: z
      .array(z.number().int())
      .default([409])
      .describe("Status codes for an account that already exists"),
  })
  .describe("How accounts are registered, if `accounts` asks for it");

export const carrySchema = z
  .strictObject({
    in: z
      .enum(["header", "query", "subprotocol", "auth", "none"])
      .describe(
        "header, query, subprotocol (WebSocket), auth (Socket.IO), or none if the handshake carries it",
      ),
    name: z.string().default("authorization").describe("Name of the header, parameter or field"),
    value: textTemplateSchema("session").default("Bearer {token}").describe("Its value"),
  })
  .meta({ id: "carry", description: "How requests and sockets carry the token" });

const stepSchema = z
  .strictObject({
    await: conditionSchema.describe("Wait for a frame that meets this condition").optional(),
    keep: z
      .record(z.string().regex(/^\w+$/, "a name has letters, digits and _"), pathSchema)
      .describe("Values to keep from the awaited frame, by name: {kept.name} in everything sent afterwards")
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
    path: textTemplateSchema("session")
      .default("/ws")
      .describe("Path of the socket, or of the Socket.IO server"),
    query: z.record(z.string(), valueTemplateSchema("session")).describe("Query parameters").optional(),
    headers: z
      .record(z.string(), valueTemplateSchema("session"))
      .describe("Headers of the upgrade")
      .optional(),
    carry: carrySchema
      .describe("How the upgrade carries the token, if not in the same way as requests")
      .optional(),
    subprotocols: z.array(textTemplateSchema("session")).default([]).describe("Subprotocols to offer"),
    auth: templateSchema("session").describe("Data sent with the Socket.IO handshake").optional(),
    namespace: z.string().regex(/^\//, 'begins with "/"').default("/").describe("Socket.IO namespace"),
    handshake: z
      .array(stepSchema)
      .default([])
      .describe("Frames to wait for and to send before the session is ready"),
    refused: conditionSchema
      .describe("A frame that rejects the token, at the start or on an open socket")
      .optional(),
    ready: z
      .enum(["auto", "welcome", "open"])
      .default("auto")
      .describe(
        "When a session is ready: at a frame of kind welcome, as soon as the socket is open, or auto (at a welcome if one comes)",
      ),
    ping: templateSchema("session")
      .describe("An application-level ping, answered by a frame of kind pong")
      .optional(),
    pong: templateSchema("session")
      .describe("The reply to a frame of kind ping; {ping.PATH} is a value from that frame")
      .optional(),
    heartbeat: z
      .strictObject({
        send: templateSchema("session").describe("The frame; {beat} is its number, from 1"),
        every: duration("How often it is sent", "30s", { min: 100_000 }),
      })
      .describe("A heartbeat that the protocol requires while the socket is open")
      .optional(),
    closeCodes: z
      .record(
        z.string().regex(/^[1-4]\d{3}$/, "a close code has four digits, such as 4408"),
        z.enum(["normal", "auth", "broken"]),
      )
      .describe("What close codes mean, where that is unusual: normal, auth (the token was rejected), broken")
      .optional(),
    resume: templateSchema("session", "resume")
      .describe("Requests the missed events after a reconnect; requires `ids.run`")
      .optional(),
  })
  .meta({ id: "socket" })
  .prefault({})
  .describe("The socket, for the transports websocket and socket.io");

const streamSchema = z
  .strictObject({
    request: requestSchema("POST", "session", "message").describe(
      "The request for a message; its response is the turn's stream",
    ),
    resume: requestSchema("GET", "session", "resume")
      .describe("Resumes a broken stream; Last-Event-ID is sent automatically")
      .optional(),
    health: pathTemplateSchema("session")
      .describe("Path of a health check, requested on connect and at each ping")
      .optional(),
    silence: duration("Longest silence of a healthy stream; no limit by default", "30s", {
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
      .describe("How a turn is stopped: by closing its stream, by a frame, or by a separate request")
      .optional(),
    decide: z
      .strictObject({
        each: templateSchema("session", "control", "decision", "call")
          .describe("One decision; `{each}` is the list of them")
          .optional(),
        call: templateSchema("session", "control", "call")
          .describe("A tool call that needed no decision, in the list `{calls}`")
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
          .describe("A frame on the socket for each decision")
          .optional(),
        request: requestSchema("POST", "session", "control", "decision", "call")
          .describe("A request; its effect shows on the turn's own stream")
          .optional(),
        body: templateSchema("session", "control", "decision", "call", "repeat")
          .describe("Sent instead of the message's body: the response continues the turn")
          .optional(),
      })
      .superRefine(({ send, request, body }, context) => {
        if ([send, request, body].filter((way) => way !== undefined).length === 1) return;
        raise(context, [{ path: [], message: "`decide` has one of send, request and body" }], []);
      })
      .describe("How a user's decision on a frame of kind waiting is sent")
      .optional(),
  })
  .meta({ id: "control", description: "How turns are stopped and decisions are sent" });

export type ControlSpec = z.infer<typeof controlSchema>;

export const accessFields = {
  transport: z
    .enum(TRANSPORTS)
    .default("websocket")
    .describe("What carries turns: one socket per user, or one stream of server-sent events per turn"),
  login: loginSchema.optional(),
  register: registerSchema.optional(),
  renew: z
    .strictObject({ request: requestSchema("POST", "session") })
    .describe("How a token is renewed with {refreshToken}")
    .optional(),
  carry: carrySchema.prefault({ in: "header" }),
  cookies: z
    .boolean()
    .default(false)
    .describe(
      "Keep cookies that responses set and send them back, as a browser does; always on if the token is a cookie",
    ),
  socket: socketSchema,
  conversation: z
    .strictObject({
      item: templateSchema("said")
        .default({ role: "{role}", content: "{text}" })
        .describe("One message of the conversation: {role} and {text}"),
      roles: z
        .strictObject({
          user: z.string().default("user").describe("The user's role"),
          assistant: z.string().default("assistant").describe("The assistant's role"),
        })
        .prefault({})
        .describe("Values of {role} for the user and the assistant"),
      most: z
        .number()
        .int()
        .min(0)
        .max(200)
        .default(20)
        .describe("How many past messages and answers to repeat, the newest first"),
    })
    .prefault({})
    .describe("How {messages} is built from the thread so far and the new message"),
  send: templateSchema("session", "message")
    .describe("The message as a frame, for the transports websocket and socket.io")
    .optional(),
  sendThen: z
    .array(templateSchema("session", "message"))
    .max(8)
    .default([])
    .describe("Frames sent right after the message, such as one that requests its answer"),
  stream: streamSchema.optional(),
  control: controlSchema.optional(),
};

export type CarrySpec = z.infer<typeof carrySchema>;
export type LoginSpec = z.infer<typeof loginSchema>;
export type SocketSpec = z.infer<typeof socketSchema>;
