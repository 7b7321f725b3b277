// A request whose token has ended is made once more with a new one.
import { expect, it } from "vitest";
import type { Answer, Session } from "../../../src/profiles/profile.js";
import { authorised } from "../../../src/session/lookup/authorised.js";
import { SESSION } from "../../support/fake-service.js";

const no = (status: number) =>
  ({ ok: false, kind: "auth", status, code: undefined, message: "", doneUs: 1 }) as const;

function owner(renews: boolean) {
  const made = {
    session: { ...SESSION, token: "old" } as Session,
    refused: [] as string[],
    async renewed(token: string) {
      made.refused.push(token);
      if (renews) made.session = { ...SESSION, token: "new" };
      return renews;
    },
  };
  return made;
}

const asked = async (status: number, one: ReturnType<typeof owner>) => {
  const tokens: string[] = [];
  const answer = await authorised(one, async ({ token }): Promise<Answer<object>> => {
    tokens.push(token);
    return token === "old" ? no(status) : { ok: true, doneUs: 2 };
  });
  return { ok: answer.ok, tokens, refused: one.refused };
};

it("after a 401, once, if there is another session", async () => {
  expect(await asked(401, owner(true))).toEqual({ ok: true, tokens: ["old", "new"], refused: ["old"] });
  expect(await asked(401, owner(false))).toEqual({ ok: false, tokens: ["old"], refused: ["old"] });
});

it("not after another refusal, and not without a token", async () => {
  expect(await asked(403, owner(true))).toEqual({ ok: false, tokens: ["old"], refused: [] });
  const nobody = owner(true);
  nobody.session = { ...SESSION, token: "" };
  const answer = await authorised(nobody, async () => no(401));
  expect([answer.ok, nobody.refused]).toEqual([false, []]);
});
