// A list that is held together by its members.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Link, LinkedList } from "../../src/session/linked-list.js";

interface Numbered extends Link<Numbered> {
  readonly number: number;
}

const numbered = (number: number): Numbered => ({ number, before: undefined, after: undefined });

describe("a linked list", () => {
  it("holds what a set would, in the same order, whatever comes and goes", () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(9)));
    fc.assert(
      fc.property(steps, (all) => {
        const members = Array.from({ length: 10 }, (_, number) => numbered(number));
        const list = new LinkedList<Numbered>();
        const set = new Set<Numbered>();
        for (const [adds, number] of all) {
          const member = members[number] ?? numbered(number);
          if (!adds) list.remove(member);
          else if (!set.has(member)) list.add(member);
          if (adds) set.add(member);
          else set.delete(member);
          expect([...list]).toEqual([...set]);
          expect([list.size, list.first]).toEqual([set.size, [...set][0]]);
        }
      }),
    );
  });

  it("keeps no way from one that was removed to those that stay", () => {
    const list = new LinkedList<Numbered>();
    const [one, two, three] = [numbered(1), numbered(2), numbered(3)];
    for (const member of [one, two, three]) list.add(member);
    list.remove(two);
    expect([two.before, two.after]).toEqual([undefined, undefined]);
    expect([one.after, three.before]).toEqual([three, one]);
  });

  it("may lose the member that is handed out", () => {
    const list = new LinkedList<Numbered>();
    for (const number of [1, 2, 3]) list.add(numbered(number));
    const seen: number[] = [];
    for (const member of list) {
      seen.push(member.number);
      list.remove(member);
    }
    expect([seen, list.size]).toEqual([[1, 2, 3], 0]);
  });
});
