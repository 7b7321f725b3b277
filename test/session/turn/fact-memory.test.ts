// Facts that users tell: made up to be told apart, found again in any answer, and judged by their thread.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FactMemory, madeUpValue, subjectsOf, valuesIn } from "../../../src/session/turn/text/fact-memory.js";
import { randomFrom } from "../../../src/support/random.js";
import { isSecretName } from "../../../src/support/redaction.js";

describe("a made-up value", () => {
  it("is found again in a text, however it is set", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const value = madeUpValue(randomFrom(seed));
        const [colour = "", animal = "", number = ""] = value.split(" ");
        const capital = `${colour.toUpperCase()}-${animal} ${number.slice(0, 1)},${number.slice(1)}`;
        for (const shown of [value, `**${value}**.`, capital, `${colour}\n${animal} #${number}!`])
          expect(valuesIn(`Your codename is ${shown} since today, not 4172.`)).toEqual([value]);
      }),
    );
  });

  it("depends on the seed and is hardly ever the same for two", () => {
    const values = Array.from({ length: 1000 }, (_, seed) => madeUpValue(randomFrom(seed)));
    expect(madeUpValue(randomFrom(7))).toBe(values[7]);
    expect(new Set(values).size).toBeGreaterThan(998);
    expect(valuesIn("the amber report of 4172 otters, heron 12")).toEqual([]);
  });

  it("is about something that strangers do not mention", () => {
    const told = (user: number) => [0, 1, 2, 3].map((round) => subjectsOf(user, round).own);
    const asked = (user: number) => [0, 1, 2, 3].map((round) => subjectsOf(user, round).strange);
    expect(asked(4)).toEqual(told(5));
    expect(asked(5)).toEqual(told(4));
    expect(told(4).filter((subject) => told(5).includes(subject) || isSecretName(subject))).toEqual([]);
  });
});

describe("what was stated in a thread", () => {
  const facts = new FactMemory();
  facts.tell("team mascot", "amber otter 1000");
  facts.tell("team mascot", "cobalt heron 4172");
  facts.tell("meeting room", "jade ibex 2222");

  it.each([
    ["Your team mascot is Cobalt Heron 4172.", "right", "cobalt heron 4172"],
    [
      "It was amber otter 1000 and is cobalt heron 4172 now, near jade ibex 2222.",
      "right",
      "cobalt heron 4172",
    ],
    ["Your team mascot is amber otter 1000.", "stale", "amber otter 1000"],
    ["I cannot know that; jade ibex 2222 is your room.", "forgotten", "no value"],
    ["It is cobalt heron 4172 or coral lynx 9999.", "leaked", "coral lynx 9999"],
  ])("judges: %s", (answer, result, seen) => {
    expect(facts.judge("team mascot", answer)).toEqual({ result, seen });
  });

  it("asks for nothing if nothing was stated, and only for what was stated there", () => {
    expect(facts.judge("office plant", "None, but jade ibex 2222.")).toEqual({
      result: "right",
      seen: "no value",
    });
    expect(new FactMemory().judge("team mascot", "cobalt heron 4172")).toMatchObject({ result: "leaked" });
  });
});
