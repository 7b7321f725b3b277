// Entry point of the fault proxy's process: obeys the run's orders, and ends with the run.
import { messageOf } from "../../support/errors.js";
import { type FromProxy, toProxy } from "./messages.js";
import { type FaultProxy, startFaultProxy } from "./proxy.js";

let proxy: FaultProxy | undefined;

function tell(message: FromProxy): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

process.on("message", (received) => {
  const message = toProxy.parse(received);
  if (message.type === "start") {
    startFaultProxy(message.upstream, message.seed).then(
      (started) => {
        proxy = started;
        tell({ type: "ready", port: started.port });
      },
      (error) => tell({ type: "failed", message: messageOf(error) }),
    );
  } else tell({ type: "obeyed", id: message.id, connections: proxy?.obey(message.order) ?? 0 });
});
// The run decides when to end; Ctrl-C in the terminal reaches the whole process group.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
// Without a run the proxy is not needed any more: once its sockets and channel are closed, the process ends.
process.on("disconnect", () => void proxy?.close());
