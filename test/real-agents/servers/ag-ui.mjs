// An agent of AG-UI 1, its events checked by the protocol's schemas and written by its encoder: POST /NAME.
import { EventSchemas } from "ag-ui-core-1/schemas";
import { EventEncoder } from "ag-ui-encoder-1";
import { SCRIPTS_OF_1 } from "./ag-ui-scripts.mjs";
import { announce, bodyOf, listen } from "./listen.mjs";

announce(
  await listen(async (request, response) => {
    const script = SCRIPTS_OF_1[(request.url ?? "").slice(1)];
    const { threadId, runId, messages, resume } = JSON.parse(await bodyOf(request));
    if (!script) return response.writeHead(404).end();
    const encoder = new EventEncoder({ accept: request.headers.accept ?? "" });
    response.writeHead(200, { "content-type": encoder.getContentType() });
    for (const event of script(String(messages.at(-1)?.content), resume)) {
      const named = event.type.startsWith("RUN_") && event.type !== "RUN_ERROR" ? { threadId, runId } : {};
      response.write(encoder.encodeSSE(EventSchemas.parse({ ...named, ...event })));
    }
    response.end();
  }),
);
