// Tries to open a socket with a token that must be refused, and reports the result.
import { blankEvent } from "../../model/turn/event.js";
import type { Session } from "../../profiles/profile.js";
import type { CloseInfo } from "../../wire/socket/channel.js";
import type { Uses } from "../services.js";
import { isRefusal, type Outcome } from "./probe-outcome.js";

/** A socket still open this long after its upgrade was accepted. */
const STAYS_OPEN_US = 500_000;

export type TryServices = Uses<"protocol" | "wire" | "schedule" | "connection">;

export function tryUpgrade(services: TryServices, session: Session): Promise<Outcome> {
  const { protocol, wire, schedule, connection } = services;
  const { clock } = schedule;
  return new Promise((resolve) => {
    const event = blankEvent();
    const end = (answer: Outcome): void => {
      cancel();
      channel.terminate();
      resolve(answer);
    };
    const letIn = (): void => end({ answer: "let in", result: "breach" });
    const channel = wire.openChannel(protocol.socket(session), {
      onOpen: () => void clock.at(clock.nowUs() + STAYS_OPEN_US, letIn),
      onText(frame, _atUs, label) {
        protocol.decode(frame, event, label);
        if (event.kind === "welcome") letIn();
      },
      onBinary() {},
      onPong() {},
      onClose: (info) => end(closed(info)),
    });
    const cancel = clock.at(clock.nowUs() + connection.timeoutUs, () =>
      end({ answer: "no answer", result: "unclear" }),
    );
  });
}

function closed({ kind, status, code, errorCode }: CloseInfo): Outcome {
  const answer = status > 0 ? String(status) : (errorCode ?? `close ${code}`);
  const refused = kind === "auth" || isRefusal(status);
  return { answer, result: refused ? "refused" : "unclear" };
}
