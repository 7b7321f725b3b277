// What agents of AG-UI may tell, event by event: for the runtime of CopilotKit, and for the protocol's own encoder.
const call = (id, name, more = {}) => [
  { type: "TOOL_CALL_START", toolCallId: id, toolCallName: name, ...more },
  { type: "TOOL_CALL_ARGS", toolCallId: id, delta: "{}", ...more },
  { type: "TOOL_CALL_END", toolCallId: id, ...more },
];
const result = (id, more = {}) => ({
  type: "TOOL_CALL_RESULT",
  messageId: `result-${id}`,
  toolCallId: id,
  content: "done",
  role: "tool",
  ...more,
});
const answer = (text) => [
  { type: "TEXT_MESSAGE_START", messageId: "answer", role: "assistant" },
  { type: "TEXT_MESSAGE_CONTENT", messageId: "answer", delta: "You asked: " },
  { type: "TEXT_MESSAGE_CONTENT", messageId: "answer", delta: text },
  { type: "TEXT_MESSAGE_END", messageId: "answer" },
];
const step = (edge, stepName) => ({ type: `STEP_${edge}`, stepName });
const started = { type: "RUN_STARTED" };
const finished = { type: "RUN_FINISHED" };
const child = { subagentRunId: "child-1" };

/** Scripts for every version: the question → the events of its run. */
export const SCRIPTS = {
  /** Steps of the plan, and a tool of another agent's, while the outer tool still runs. */
  sub_agent: (text) => [
    started,
    step("STARTED", "plan"),
    ...call("outer", "delegate"),
    step("STARTED", "research"),
    ...call("inner", "search"),
    result("inner"),
    step("FINISHED", "research"),
    result("outer"),
    step("FINISHED", "plan"),
    ...answer(text),
    finished,
  ],
  thinking: (text) => [
    started,
    { type: "REASONING_START", messageId: "thought" },
    { type: "REASONING_MESSAGE_START", messageId: "thought", role: "reasoning" },
    { type: "REASONING_MESSAGE_CONTENT", messageId: "thought", delta: "the the " },
    { type: "REASONING_MESSAGE_CONTENT", messageId: "thought", delta: "the the " },
    { type: "REASONING_MESSAGE_END", messageId: "thought" },
    { type: "REASONING_END", messageId: "thought" },
    ...answer(text),
    finished,
  ],
  /** Pieces that start and end by themselves. */
  chunks: (text) => [
    started,
    { type: "TOOL_CALL_CHUNK", toolCallId: "c1", toolCallName: "search", delta: "{" },
    { type: "TOOL_CALL_CHUNK", toolCallId: "c1", delta: "}" },
    result("c1"),
    { type: "TEXT_MESSAGE_CHUNK", messageId: "answer", role: "assistant", delta: "You asked: " },
    { type: "TEXT_MESSAGE_CHUNK", messageId: "answer", delta: text },
    finished,
  ],
};

/** Asks before it pays; goes on with what the client sends as `resume`. */
function approval(text, resume, pays = () => false) {
  if (!resume)
    return [
      started,
      ...call("pay", "payment"),
      {
        ...finished,
        outcome: {
          type: "interrupt",
          interrupts: [{ id: "i1", reason: "approval", message: "pay 12?", toolCallId: "pay" }],
        },
      },
    ];
  const approved = resume.every(({ payload }) => payload?.approved === true);
  return [
    started,
    ...(pays(approved) ? [result("pay")] : []),
    ...answer(approved ? `paid. ${text}` : `not paid. ${text}`),
    { ...finished, outcome: { type: "success" } },
  ];
}

/** What only version 1 has: sub-agents with a life of their own, and how a run ended. */
export const SCRIPTS_OF_1 = {
  ...SCRIPTS,
  subagent_error: (text) => [
    started,
    ...call("outer", "delegate"),
    { type: "SUBAGENT_STARTED", ...child, name: "researcher", parentToolCallId: "outer" },
    ...call("inner", "search", child),
    result("inner", child),
    { type: "SUBAGENT_ERROR", ...child, message: "found nothing", code: "E1" },
    { type: "SUBAGENT_STARTED", subagentRunId: "child-2", name: "researcher", parentToolCallId: "outer" },
    { type: "SUBAGENT_FINISHED", subagentRunId: "child-2" },
    result("outer"),
    ...answer(text),
    { ...finished, outcome: { type: "success" } },
  ],
  interrupt: (text, resume) => approval(text, resume, (approved) => approved),
  /** Pays whatever its user says. */
  interrupt_ignored: (text, resume) => approval(text, resume, () => true),
  /** Does not know any more what it asked. */
  interrupt_forgotten: (text, resume) =>
    resume ? [started, { type: "RUN_ERROR", message: "no such interrupt" }] : approval(text),
  error: () => [started, { type: "RUN_ERROR", message: "the model is down", code: "E9" }],
};
