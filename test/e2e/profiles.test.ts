// Every profile on a real server: clean with 20 users where the service is well, and FAIL where its model fails.
import { expect, test } from "vitest";
import { a2aServer } from "../profiles/servers/a2a.js";
import { agUiServer } from "../profiles/servers/ag-ui.js";
import { aiSdkServer } from "../profiles/servers/ai-sdk.js";
import { askServer } from "../profiles/servers/ask.js";
import type { Model, Service } from "../profiles/servers/base.js";
import { chatServer } from "../profiles/servers/chat.js";
import { langGraphServer } from "../profiles/servers/langgraph.js";
import { netraServer } from "../profiles/servers/netra.js";
import { openAiServer } from "../profiles/servers/openai.js";
import { ownShapeServer } from "../profiles/servers/own-shape.js";
import { realtimeServer } from "../profiles/servers/realtime.js";
import { FULL_ONLY } from "../support/tags.js";
import { CLEAN, profileFile, runFile, summary, workedExample } from "./support/profile-run.js";

/** A server that a run can be pointed at, with a model that works or fails, and the file for the run. */
type Subject = readonly [
  name: string,
  start: (wishes: Partial<Model>) => Promise<Service>,
  file: (url: string) => object,
];

const ALL = ["critical-events", "isolation", "history"];
const FIVE = ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"];

function preset(profile: string, options: object, history: boolean): (url: string) => object {
  return (url) => profileFile({ profile, url, options }, ALL, history);
}

const SUBJECTS: readonly Subject[] = [
  ["worked example 1", ownShapeServer, (url) => workedExample(0, url)],
  ["worked example 2", askServer, (url) => workedExample(1, url)],
  ["worked example 3", chatServer, (url) => workedExample(2, url)],
  ["netra", netraServer, preset("netra", {}, true)],
  ["ag-ui", agUiServer, preset("ag-ui", { expects: FIVE }, false)],
  ["ai-sdk", aiSdkServer, preset("ai-sdk", { expects: FIVE }, false)],
  ["langgraph", langGraphServer, preset("langgraph", { expects: FIVE }, true)],
  ["openai-responses", openAiServer, preset("openai-responses", {}, false)],
  ["openai-realtime", realtimeServer, preset("openai-realtime", {}, false)],
  ["a2a", a2aServer, preset("a2a", {}, false)],
];

/** One that a scenario file describes, and one that is built in. */
const CORE = SUBJECTS.filter(([name]) => ["worked example 1", "netra"].includes(name));
const MORE = SUBJECTS.filter((subject) => !CORE.includes(subject));
const TITLE = "%s is clean with 20 users, and never with a failing model";

test.for(CORE)(TITLE, runBoth);
test.for(MORE)(TITLE, { tags: FULL_ONLY }, runBoth);

/** Both runs side by side: nothing in them is timed against the other. */
async function runBoth([, start, file]: Subject): Promise<void> {
  const [well, ill] = await Promise.all([start({}), start({ failing: true })]);
  const [good, bad] = await Promise.all([runFile(file(well.url)), runFile(file(ill.url))]);
  expect(summary(good.report)).toEqual(CLEAN);
  expect(good.report.ledger.attempted).toBeGreaterThan(40);
  expect(well.messages()).toBeGreaterThanOrEqual(good.report.ledger.attempted);
  expect(bad.report.verdict).toBe("FAIL");
  expect(bad.report.ledger.completed).toBe(0);
  expect(bad.report.ledger.failed + bad.report.ledger.rejected).toBe(bad.report.ledger.attempted);
}
