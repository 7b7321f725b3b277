// Step `http`: one plain request as the user, such as an upload or the creation of a project.
import { z } from "zod";
import { askAs, REQUEST_KEYS } from "./request.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

export const http = defineStep({
  summary: "send a request below the target's url, check the answer, keep values of it",
  schema: () => z.strictObject(REQUEST_KEYS),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "http.request": 1 } }),
  async run({ user, services }: Walk<"schedule" | "observer" | "wire">, options) {
    const { schedule, observer } = services;
    const intendedUs = user.cursorUs;
    const sentUs = schedule.clock.nowUs();
    const { answer, wrong } = await askAs(user, services, options);
    user.cursorUs = answer.doneUs;
    const samples = schedule.samplesAt(intendedUs, user.number);
    const [response, service] = [samples.of("http.request"), samples.of("http.request/service")];
    if (wrong === undefined) {
      response.push(Math.max(0, answer.doneUs - intendedUs));
      service.push(Math.max(0, answer.doneUs - sentUs));
      return;
    }
    // A wrong answer ranks after every right one, however fast it was.
    response.censor();
    service.censor();
    observer.trouble(`http ${options.name ?? `${options.method} ${options.path}`}: ${wrong}`);
  },
});
