// Defects in what the agent sends to its model: text that does not belong in a prompt, and calls that come too late.
import type { ChatMessage } from "../agent/model-client.js";
import { hitOf, type Run } from "../run/run.js";
import type { Service } from "../service.js";

/** Delay of the late call after the end of its turn. */
const LATE_MS = 300;

/** The messages of a turn's first call, with another user's message after the system message if that defect is on. */
export async function sabotagedPrompt(
  service: Service,
  run: Run,
  messages: readonly ChatMessage[],
): Promise<readonly ChatMessage[]> {
  const leak = service.defects.reserve("leak-into-prompt", hitOf(run));
  if (!leak) return messages;
  const foreign = await service.store.foreignMessage(run.userId, undefined);
  const [system, ...rest] = messages;
  if (!foreign || !system) {
    leak.release();
    return messages;
  }
  leak.commit(`message ${foreign.id} of user ${foreign.userId}`);
  return [{ ...system, content: `${system.content}\nSeen before:\n${foreign.content}` }, ...rest];
}

/** Calls the model once more for a turn that has ended, if that defect is on. */
export async function callAfterEnd(service: Service, run: Run): Promise<void> {
  if (!service.defects.claim("model-after-end", hitOf(run))) return;
  await service.sleep(LATE_MS);
  await service.model.complete([{ role: "user", content: run.content }], [], run.userId).catch(() => {});
}
